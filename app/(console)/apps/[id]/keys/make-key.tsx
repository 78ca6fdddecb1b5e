'use client'

import { CopyField } from '#ui/code-block'
import { FormErrors } from '#ui/form-messages'
import { SecretOnce } from '#ui/secret-once'
import { SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { useFormAction } from '#ui/use-form-action'
import { makeKeyAction } from './actions'

type Props = { appId: string; userWord: string | null; channels: readonly { id: string; name: string }[] }

/** Makes a connect key and shows it, this once. */
export function MakeKey({ appId, userWord, channels }: Props) {
  const { state, pending, formProps } = useFormAction(makeKeyAction, null)
  const made = state && 'made' in state ? state.made : null
  const failed = state && 'failed' in state ? state.failed : null
  const errors = failed?.errors ?? {}
  return (
    <div className="flex flex-col gap-5">
      <div role="status" className="flex flex-col gap-4 empty:-mb-5">
        {made?.key && (
          <SecretOnce key={made.at} label={`Connect key for ${made.name}`} secret={made.key}>
            {userWord
              ? 'Copy it now and give it to Front beside the name below. It is not shown again.'
              : 'Copy it now and paste it into Front as the channel’s API token. It is not shown again.'}
          </SecretOnce>
        )}
        {made?.key && userWord && <CopyField label={userWord} text={made.user} />}
      </div>
      {failed && !errors.name && <FormErrors title={failed.message} />}
      {/* Starts anew after a key was made, so that nobody makes the same one twice. */}
      <form key={made?.at} {...formProps} noValidate aria-label="New connection" className="flex flex-col gap-4">
        <input type="hidden" name="appId" value={appId} />
        <div className="grid items-end gap-4 sm:grid-cols-2">
          <TextField
            name="name"
            label="Name"
            hint="Whose it is, such as the team or the phone number."
            required
            maxLength={100}
            autoComplete="off"
            error={errors.name}
          />
          {channels.length > 0 && (
            <SelectField
              name="channelId"
              label="For the channel"
              hint="Or leave it to Front’s first call."
              placeholder="A new one, made when Front connects"
              options={channels.map(({ id, name }) => ({ value: id, label: name }))}
              error={errors.channelId}
            />
          )}
        </div>
        <div className="flex flex-wrap items-center gap-3">
          <SubmitButton pending={pending} pendingLabel="Making it…">
            Make a connect key
          </SubmitButton>
        </div>
      </form>
    </div>
  )
}
