'use client'

import { useActionState } from 'react'
import { type Option, SelectField } from '#ui/select-field'
import { SubmitButton } from '#ui/submit-button'
import { TextField } from '#ui/text-field'
import { FormNote } from '../../_parts/form-note'
import { saveChannelAction } from './actions'

type Channel = { id: string; name: string; webhookUrl: string; contactType: string; replyMode: string }

const CONTACT_TYPE_OPTIONS: Option[] = [
  { value: 'custom', label: 'Custom' },
  { value: 'email', label: 'Email' },
  { value: 'phone', label: 'Phone' },
]

const REPLY_MODE_OPTIONS: Option[] = [
  { value: 'this_channel', label: 'This channel' },
  { value: 'cannot_reply', label: 'Cannot reply' },
]

/** A channel as Front's settings show it; without a channel, the form that makes one. */
export function ChannelForm({ channel, inboxes }: { channel?: Channel; inboxes?: Option[] }) {
  const [state, action] = useActionState(saveChannelAction, {})
  const values = { ...channel, ...state.values }
  const idOf = (name: string) => `${channel?.id ?? 'new'}-${name}`
  return (
    <form action={action} className="grid gap-3 sm:grid-cols-2">
      {channel && <input type="hidden" name="id" value={channel.id} />}
      <TextField name="name" id={idOf('name')} label="Name" defaultValue={values.name} required />
      {inboxes && <SelectField name="inboxId" label="Inbox" options={inboxes} defaultValue={state.values?.inboxId} />}
      <TextField
        name="webhookUrl"
        id={idOf('webhookUrl')}
        label="Outgoing URL"
        hint="Where replies are posted. Patchbay shows it for each of its channels."
        mono
        defaultValue={values.webhookUrl}
        className="sm:col-span-2"
      />
      <SelectField
        name="contactType"
        id={idOf('contactType')}
        label="Channel contact type"
        options={CONTACT_TYPE_OPTIONS}
        defaultValue={values.contactType}
      />
      <SelectField
        name="replyMode"
        id={idOf('replyMode')}
        label="Channel reply mode"
        options={REPLY_MODE_OPTIONS}
        defaultValue={values.replyMode}
      />
      <div className="flex items-center gap-3 sm:col-span-2">
        <SubmitButton variant={channel ? 'secondary' : 'primary'} pendingLabel="Saving…">
          {channel ? 'Save' : 'Add channel'}
        </SubmitButton>
        <FormNote state={state} />
      </div>
    </form>
  )
}
