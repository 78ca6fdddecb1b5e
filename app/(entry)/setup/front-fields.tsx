'use client'

import { PlugZap } from 'lucide-react'
import { type MouseEvent, useState, useTransition } from 'react'
import { Button } from '#ui/button'
import { ActionStatus } from '#ui/form-messages'
import { PasswordField } from '#ui/password-field'
import { Section } from '#ui/section'
import { TextField } from '#ui/text-field'
import { TokenRefused } from '#ui/token-refused'
import { type CheckState, checkTokenAction } from './actions'

type Props = { errors: Record<string, string>; tokenRefused: string | undefined }

export function FrontFields({ errors, tokenRefused }: Props) {
  return (
    <Section title="Your Front company" id="front" description="Token and secret can wait until you have them.">
      <div className="flex flex-col gap-4">
        <TextField
          name="company"
          label="Company name"
          autoComplete="organization"
          error={errors.company ?? errors['company.name']}
          required
        />
        <TextField
          name="frontBaseUrl"
          label="Address of Front’s API"
          type="url"
          defaultValue="https://api2.frontapp.com"
          error={errors.frontBaseUrl}
          mono
          required
        />
        <PasswordField
          name="apiToken"
          label="API token"
          hint="In Front: Settings, Developers, API tokens. It needs to read and write channels, messages and conversations."
          autoComplete="off"
          error={errors.apiToken}
          required={false}
        />
        <CheckToken />
        <PasswordField
          name="apiSecret"
          label="API secret"
          hint="With it we know that a reply really comes from Front. In Front: Settings, Developers, your app or API key."
          autoComplete="off"
          error={errors.apiSecret}
          required={false}
        />
        {tokenRefused && (
          <TokenRefused
            message={tokenRefused}
            again={{ label: 'Check again and set up', pendingLabel: 'Checking again' }}
            anyway={{ label: 'Set up with it anyway', pendingLabel: 'Setting up' }}
          />
        )}
      </div>
    </Section>
  )
}

/** Asks Front about what is typed so far, without sending the form. */
function CheckToken() {
  const [check, setCheck] = useState<CheckState | null>(null)
  const [pending, startTransition] = useTransition()
  const run = ({ currentTarget }: MouseEvent<HTMLButtonElement>) => {
    const { form } = currentTarget
    if (form) startTransition(async () => setCheck(await checkTokenAction(new FormData(form))))
  }
  return (
    <div className="-mt-1 flex flex-wrap items-center gap-3">
      <Button size="sm" icon={PlugZap} pending={pending} onClick={run}>
        {pending ? 'Asking Front' : 'Check the token'}
      </Button>
      <ActionStatus message={pending ? null : check?.message} tone={check?.ok ? 'ok' : 'bad'} />
    </div>
  )
}
