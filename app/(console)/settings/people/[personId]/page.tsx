import { notFound } from 'next/navigation'
import { z } from 'zod'
import { findUserById } from '#db/queries/users'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { Button } from '#ui/button'
import { ConfirmDialog } from '#ui/confirm-dialog'
import { KeyValues } from '#ui/key-values'
import { NotAllowed } from '#ui/not-allowed'
import { Section, Stack } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'
import { endSessionsAction, switchPersonAction } from '../actions'
import { ROLE_CHOICES } from '../role-choices'
import { ResetPasswordForm, RoleForm } from './person-forms'

export const metadata = { title: 'Person' }

type Props = { params: Promise<{ personId: string }> }

export default async function PersonPage({ params }: Props) {
  const me = await requireUser('viewer')
  if (me.role !== 'owner') return <NotAllowed needs="owner" role={me.role} headed />
  const id = z.uuid().safeParse((await params).personId)
  const person = id.success ? await findUserById(db(), id.data) : null
  if (!person) notFound()
  const { id: userId, name, email, role, disabledAt, lastSignedInAt, createdAt } = person
  const now = new Date()
  return (
    <Stack>
      <TextLink href="/settings/people">All people</TextLink>
      <Section id="person" title={name}>
        <KeyValues
          items={[
            { label: 'E-mail', value: email },
            { label: 'Account', value: disabledAt ? 'Switched off' : 'On' },
            { label: 'Last sign-in', value: lastSignedInAt ? <Time at={lastSignedInAt} now={now} /> : 'Never' },
            { label: 'Added', value: <Time at={createdAt} now={now} /> },
          ]}
        />
      </Section>
      <Section id="role" title="Role">
        <RoleForm userId={userId} role={role} roles={ROLE_CHOICES} />
      </Section>
      <Section id="password" title="New password" description="Ends every session of this person.">
        <ResetPasswordForm userId={userId} email={email} />
      </Section>
      <Section id="access" title="Access">
        <AccessButtons userId={userId} name={name} isOn={!disabledAt} />
      </Section>
    </Stack>
  )
}

function AccessButtons({ userId, name, isOn }: { userId: string; name: string; isOn: boolean }) {
  return (
    <div className="flex flex-wrap gap-2">
      <ConfirmDialog
        trigger={<Button>Sign out everywhere</Button>}
        title={`Sign ${name} out everywhere?`}
        description="Every browser that is signed in as this person has to sign in again."
        confirmLabel="Sign out everywhere"
        variant="primary"
        action={endSessionsAction}
        values={{ userId }}
      />
      <ConfirmDialog
        trigger={
          <Button variant={isOn ? 'danger' : 'secondary'}>
            {isOn ? 'Switch the account off' : 'Switch the account on'}
          </Button>
        }
        title={isOn ? `Switch off the account of ${name}?` : `Switch on the account of ${name}?`}
        description={
          isOn
            ? 'They are signed out and cannot sign in. What they did stays in the log.'
            : 'They can sign in again with their password.'
        }
        confirmLabel={isOn ? 'Switch off' : 'Switch on'}
        variant={isOn ? 'danger' : 'primary'}
        action={switchPersonAction}
        values={{ userId, on: isOn ? 'no' : 'yes' }}
      />
    </div>
  )
}
