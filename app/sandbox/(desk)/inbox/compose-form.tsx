'use client'

import { ArrowLeft } from 'lucide-react'
import { useActionState } from 'react'
import { ButtonLink } from '#ui/button'
import { type Option, SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { TextAreaField, TextField } from '#ui/text-field'
import { FileField } from '../../_parts/file-field'
import { FormNote } from '../../_parts/form-note'
import { composeAction } from './actions'

/** A teammate writes first, as Front allows where “Allow new messages” is on. */
export function ComposeForm({ channels }: { channels: Option[] }) {
  const [state, action] = useActionState(composeAction, {})
  return (
    <section aria-labelledby="compose-title" className="rounded-lg border border-rule bg-panel px-4 py-4">
      <ButtonLink href="/sandbox/inbox" variant="quiet" size="sm" icon={ArrowLeft} className="-ml-2.5 md:hidden">
        Inbox
      </ButtonLink>
      <h2 id="compose-title" className="font-semibold">
        New message
      </h2>
      <p className="mt-1 mb-4 max-w-[60ch] text-sm text-muted">
        On an application channel the customer’s answer joins this conversation. On a custom channel it begins another
        one: Front never joins it to a message that a teammate began.
      </p>
      <form action={action} className="flex flex-col gap-3">
        <input type="hidden" name="teammateId" value="tea_mina" />
        <SelectField
          name="channelId"
          label="Channel"
          options={channels}
          defaultValue={state.values?.channelId}
          required
        />
        <TextField
          name="handle"
          label="To"
          hint="The customer’s handle."
          defaultValue={state.values?.handle}
          required
        />
        <TextAreaField name="text" label="Message" rows={4} defaultValue={state.values?.text} />
        <FileField />
        <div>
          <SubmitButton pendingLabel="Sending…">Send message</SubmitButton>
        </div>
        <FormNote state={state} />
      </form>
    </section>
  )
}
