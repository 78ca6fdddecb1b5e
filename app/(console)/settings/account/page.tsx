import { requireUser } from '#lib/auth'
import { ROLE_WORDS } from '#lib/roles'
import { KeyValues } from '#ui/key-values'
import { Section, Stack } from '#ui/section'
import { NameForm, PasswordForm } from './account-forms'

export const metadata = { title: 'My account' }

export default async function AccountPage() {
  const { name, email, role } = await requireUser('viewer')
  return (
    <Stack>
      <Section id="account" title="You">
        <KeyValues
          items={[
            { label: 'E-mail', value: email, hint: 'You sign in with it.' },
            {
              label: 'Role',
              value: <span className="inline-block first-letter:uppercase">{role}</span>,
              hint: ROLE_WORDS[role],
            },
          ]}
        />
        <div className="mt-5 border-t border-rule pt-5">
          <NameForm name={name} />
        </div>
      </Section>
      <Section id="password" title="Password" description="Changing it signs you out everywhere else.">
        <PasswordForm />
      </Section>
    </Stack>
  )
}
