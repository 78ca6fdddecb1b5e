'use client'

import { useState } from 'react'
import { Button } from '#ui/button'
import { FormErrors } from '#ui/form-messages'
import { KeyValues } from '#ui/key-values'
import { Section } from '#ui/section'
import { SelectField } from '#ui/select-field'
import { TextAreaField, TextField } from '#ui/text-field'
import type { TryState } from './actions'

type Props = {
  sample: string
  /** Only the session rule looks back. */
  showPast: boolean
  result: TryState | null
  pending: boolean
  onTry: () => void
}

export function TryOut({ sample, showPast, result, pending, onTry }: Props) {
  return (
    <Section title="Try it out" description="Paste a message as your provider posts it. Nothing is stored or sent.">
      <div className="flex flex-col gap-4">
        <TextAreaField name="sample" label="Sample message" mono rows={12} spellCheck={false} defaultValue={sample} />
        {showPast && <PastFields />}
        <div>
          <Button onClick={onTry} pending={pending}>
            {pending ? 'Trying…' : 'Try the rule on it'}
          </Button>
        </div>
        <div role="status">{result && !pending && <Result result={result} />}</div>
      </div>
    </Section>
  )
}

function PastFields() {
  const [before, setBefore] = useState('none')
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <SelectField
        name="before"
        label="Earlier conversation of this sender"
        options={[
          { value: 'none', label: 'None' },
          { value: 'some', label: 'There is one' },
        ]}
        value={before}
        onChange={(event) => setBefore(event.target.value)}
      />
      {before === 'some' && (
        <>
          <TextField name="beganHours" label="It began" inputMode="decimal" suffix="hours ago" defaultValue="30" />
          <TextField
            name="lastHours"
            label="Its last message was"
            inputMode="decimal"
            suffix="hours ago"
            defaultValue="2"
          />
        </>
      )}
    </div>
  )
}

function Result({ result }: { result: TryState }) {
  if ('problem' in result) {
    const errors = result.details.map(({ path, message }) => ({ message: `${path} ${message}` }))
    return <FormErrors title={`Such a message would be refused. ${result.problem}`} errors={errors} />
  }
  const { key, reference, reason } = result.decision
  return (
    <div className="rounded-md border border-l-3 border-rule border-l-ok px-4 py-3">
      <p className="mb-3 font-semibold">{reason}</p>
      <KeyValues
        items={[
          { label: 'Conversation key', value: <code className="font-mono text-sm">{key}</code> },
          {
            label: 'Reference for Front',
            value: reference ? <code className="font-mono text-sm">{reference}</code> : 'None: Front threads by sender',
          },
        ]}
      />
    </div>
  )
}
