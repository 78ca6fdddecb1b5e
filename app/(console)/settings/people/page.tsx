import { type ListedUser, listUsers } from '#db/queries/users'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { ROLE_WORDS } from '#lib/roles'
import { Callout } from '#ui/callout'
import { Chip } from '#ui/chip'
import { Section, Stack } from '#ui/section'
import { type Column, RowLink, Table } from '#ui/table'
import { Time } from '#ui/time'
import { AddPersonForm } from './add-person-form'
import { ROLE_CHOICES } from './role-choices'

export const metadata = { title: 'People' }

export default async function PeoplePage() {
  const me = await requireUser('viewer')
  const people = await listUsers(db())
  const mayEdit = me.role === 'owner'
  return (
    <Stack>
      {!mayEdit && <Callout>Only owners can add people and change what they may do.</Callout>}
      <Section id="people" title="People" flush>
        <Table
          caption="People"
          columns={columns({ meId: me.id, mayEdit, now: new Date() })}
          rows={people}
          rowKey={(person) => person.id}
        />
      </Section>
      {mayEdit && (
        <Section
          id="add"
          title="Add a person"
          description="They sign in with the password that you give them and can change it then."
        >
          <AddPersonForm roles={ROLE_CHOICES} />
        </Section>
      )}
    </Stack>
  )
}

function columns({ meId, mayEdit, now }: { meId: string; mayEdit: boolean; now: Date }): Column<ListedUser>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      phone: 'title',
      cell: ({ id, name, email }) => (
        <>
          {mayEdit ? (
            <RowLink href={`/settings/people/${id}`}>{name}</RowLink>
          ) : (
            <span className="font-medium">{name}</span>
          )}
          {id === meId && <span className="text-muted"> (you)</span>}
          <span className="block text-sm text-muted">{email}</span>
        </>
      ),
    },
    {
      id: 'role',
      header: 'Role',
      cell: ({ role }) => (
        <span title={ROLE_WORDS[role]} className="first-letter:uppercase inline-block">
          {role}
        </span>
      ),
    },
    {
      id: 'account',
      header: 'Account',
      cell: ({ disabledAt }) => (disabledAt ? <Chip tone="bad">Switched off</Chip> : <Chip tone="ok">On</Chip>),
    },
    {
      id: 'seen',
      header: 'Last sign-in',
      cell: ({ lastSignedInAt }) =>
        lastSignedInAt ? (
          <Time at={lastSignedInAt} now={now} focusable={false} />
        ) : (
          <span className="text-muted">Never</span>
        ),
    },
  ]
}
