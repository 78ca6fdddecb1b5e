'use client'

import { type FormEvent, startTransition, useActionState, useRef, useState } from 'react'
import type { ChannelKind } from '#db/schema/channels'
import { describeRule, type ThreadingRule } from '#lib/threading/rules'
import { TEMPLATE_FIELDS } from '#lib/threading/template'
import { Button } from '#ui/button'
import { RadioCards } from '#ui/choice-fields'
import { ActionStatus, FormErrors } from '#ui/form-messages'
import { Section, Stack } from '#ui/section'
import { SelectField } from '#ui/select-field'
import { TextField } from '#ui/text-field'
import { errorList } from '../../_parts/form-errors'
import { KeepForm } from '../../_parts/keep-form'
import { saveThreadingAction, tryThreadingAction } from './actions'
import { TryOut } from './try-out'

const CHOICES = [
  { value: 'sender', title: 'All from one sender', description: 'Front’s own way: one conversation per customer.' },
  {
    value: 'provider',
    title: 'The provider says so',
    description: 'Every message names its conversation in conversation_key, or in metadata.thread_ref as for Front.',
  },
  {
    value: 'session',
    title: 'A new one after a while',
    description: 'A chat ends after hours of silence, or hours after it began.',
  },
  { value: 'single', title: 'Everything in one', description: 'The whole channel is one conversation, as for alarms.' },
  { value: 'each', title: 'Each message its own', description: 'Nothing is joined, as for forms and voicemail.' },
  {
    value: 'template',
    title: 'By a template',
    description: 'Put together from fields of the message, such as a ticket number.',
  },
] as const

/** What differs where Front does not thread by itself. */
const APPLICATION_WORDS: Record<string, string> = {
  sender: 'One conversation per customer.',
  provider: 'Every message names its conversation in conversation_key, or in metadata.external_conversation_id.',
}

function forApplications(choice: (typeof CHOICES)[number]) {
  return { ...choice, description: APPLICATION_WORDS[choice.value] ?? choice.description }
}

type Props = { channelId: string; kind: ChannelKind; rule: ThreadingRule; sample: string; archived: boolean }

/** The rule and, beside it, what it would do to a sample: tried as the form stands, before it is saved. */
export function ThreadingForm({ channelId, kind, rule, sample, archived }: Props) {
  const [saved, save, saving] = useActionState(saveThreadingAction, null)
  const [tried, attempt, trying] = useActionState(tryThreadingAction, null)
  const [type, setType] = useState<string>(rule.type)
  const fields = useRef<HTMLDivElement>(null)
  const errors = saved && !saved.ok ? saved.errors : {}
  const hear = (event: FormEvent) => {
    if (event.target instanceof HTMLInputElement && event.target.name === 'type') setType(event.target.value)
  }
  const tryOut = () => {
    const form = fields.current?.closest('form')
    if (form) startTransition(() => attempt(new FormData(form)))
  }
  return (
    <KeepForm send={save} aria-label="Threading rule" onChange={hear}>
      <input type="hidden" name="channelId" value={channelId} />
      <Stack>
        {saved && !saved.ok && <FormErrors title={saved.message} errors={errorList(errors)} />}
        <Section title="Which messages belong together" description={`Now: ${describeRule(rule, kind)}`}>
          <div ref={fields} className="flex flex-col gap-6">
            <RadioCards
              name="type"
              label="Rule"
              columns={2}
              defaultValue={rule.type}
              choices={kind === 'custom' ? CHOICES : CHOICES.map(forApplications)}
              error={errors.type}
            />
            {type === 'session' && <SessionFields rule={rule} errors={errors} />}
            {type === 'template' && <TemplateField rule={rule} error={errors.template} />}
            <p className="max-w-[72ch] text-sm text-muted">
              A message’s place is decided once, when it comes in. Conversations that exist stay as they are.
            </p>
            <div className="flex flex-wrap items-center gap-3">
              <Button type="submit" variant="primary" pending={saving} disabled={archived}>
                {saving ? 'Saving…' : 'Save the rule'}
              </Button>
              <ActionStatus message={saved?.ok && !saving ? saved.message : null} />
            </div>
          </div>
        </Section>
        <TryOut sample={sample} showPast={type === 'session'} result={tried} pending={trying} onTry={tryOut} />
      </Stack>
    </KeepForm>
  )
}

type Rule = { rule: ThreadingRule }

function SessionFields({ rule, errors }: Rule & { errors: Record<string, string> }) {
  const session = rule.type === 'session' ? rule : { hours: 24, from: 'last_message' }
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        name="hours"
        label="A new conversation after"
        inputMode="decimal"
        suffix="hours"
        defaultValue={String(session.hours)}
        error={errors.hours}
      />
      <SelectField
        name="from"
        label="Counted from"
        options={[
          { value: 'last_message', label: 'its last message' },
          { value: 'first_message', label: 'its first message' },
        ]}
        defaultValue={session.from}
        error={errors.from}
      />
    </div>
  )
}

function TemplateField({ rule, error }: Rule & { error: string | undefined }) {
  return (
    <TextField
      name="template"
      label="Template"
      hint={`Fields: ${TEMPLATE_FIELDS.join(', ')}, and metadata.headers.<name>. A message without one of them is refused.`}
      mono
      placeholder="{{sender.handle}}:{{metadata.headers.ticket}}"
      defaultValue={rule.type === 'template' ? rule.template : ''}
      error={error}
    />
  )
}
