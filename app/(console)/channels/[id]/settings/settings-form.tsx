'use client'

import { useActionState } from 'react'
import type { ChannelKind } from '#db/schema/channels'
import { Button } from '#ui/button'
import { RadioCards } from '#ui/choice-fields'
import { ActionStatus, FormErrors } from '#ui/form-messages'
import { Section, Stack } from '#ui/section'
import { TextField } from '#ui/text-field'
import { ContactFields, type Country, ProviderFields } from '../../_parts/basic-fields'
import { errorList } from '../../_parts/form-errors'
import { KeepForm } from '../../_parts/keep-form'
import { saveSettingsAction } from './actions'
import { HeaderFields } from './header-fields'
import { type FieldProps, LimitsSection, OfflineSection } from './limit-sections'

type Props = {
  channelId: string
  kind: ChannelKind
  values: Record<string, string>
  headerNames: readonly string[]
  countries: readonly Country[]
}

export function SettingsForm({ channelId, kind, values, headerNames, countries }: Props) {
  const [state, send, pending] = useActionState(saveSettingsAction, null)
  const errors = state && !state.ok ? state.errors : {}
  return (
    <KeepForm send={send} aria-label="Channel settings">
      <input type="hidden" name="channelId" value={channelId} />
      <Stack>
        {state && !state.ok && <FormErrors title={state.message} errors={errorList(errors)} />}
        <Section title="Channel">
          <div className="flex flex-col gap-6">
            <TextField
              name="name"
              label="Name"
              hint="Here only: the name in Front is changed in Front."
              required
              maxLength={100}
              className="max-w-md"
              defaultValue={values.name}
              error={errors.name}
            />
            <ContactFields values={values} errors={errors} countries={countries} />
          </div>
        </Section>
        <Section title="Provider">
          <div className="flex flex-col gap-6">
            <ProviderFields values={values} errors={errors} kind={kind} />
            <HeaderFields
              key={`${headerNames.join(' ')} ${state?.ok ? state.at : ''}`}
              names={headerNames}
              error={errors.headers}
            />
          </div>
        </Section>
        <DeliverySection values={values} errors={errors} />
        {kind === 'application' ? (
          <OfflineSection values={values} errors={errors} />
        ) : (
          // Kept as it is: custom channels do not show it.
          <input type="hidden" name="offlineAfterFailures" value={values.offlineAfterFailures} />
        )}
        <LimitsSection values={values} errors={errors} />
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" variant="primary" pending={pending}>
            {pending ? 'Saving…' : 'Save the settings'}
          </Button>
          <ActionStatus message={state?.ok && !pending ? state.message : null} />
        </div>
      </Stack>
    </KeepForm>
  )
}

function DeliverySection({ values, errors }: FieldProps) {
  return (
    <Section title="Delivery" description="What happens when the other side does not take a message.">
      <div className="flex flex-col gap-6">
        <TextField
          name="retryDelaysS"
          label="Waits between attempts"
          hint="Such as 5s, 30s, 2m, 1h. Each wait is drawn at random up to this long, so that what failed together does not come back together. After the last one the message counts as failed."
          mono
          defaultValue={values.retryDelaysS}
          error={errors.retryDelaysS}
        />
        <RadioCards
          name="failedHead"
          label="When a message failed for good"
          columns={2}
          defaultValue={values.failedHead}
          error={errors.failedHead}
          choices={[
            {
              value: 'move_on',
              title: 'Go on with the next',
              description: 'The conversation continues. The gap is shown, and the failed one can be retried.',
            },
            {
              value: 'hold',
              title: 'Hold the conversation',
              description: 'Nothing more is sent in it until a person retries or discards the failed one.',
            },
          ]}
        />
        <RadioCards
          name="lostAnswer"
          label="When Front’s answer was lost"
          hint="The connection broke after we had sent a message to Front, so it may have arrived or not. Patchbay looks in the conversation first. This decides what to do where it cannot tell:"
          columns={2}
          defaultValue={values.lostAnswer}
          error={errors.lostAnswer}
          choices={[
            {
              value: 'send_again',
              title: 'Send it again',
              description: 'Nothing is lost, but now and then a message is in Front twice.',
            },
            {
              value: 'stop',
              title: 'Stop for a person',
              description: 'Never twice. The message waits as “may have arrived” until somebody has looked in Front.',
            },
          ]}
        />
        <TextField
          name="heldPerMinute"
          label="What was held goes out at most"
          hint="After a pause, offline time, or trouble of the other side, until nothing of it waits any more. Empty means as fast as the other side takes it."
          inputMode="numeric"
          required={false}
          suffix="per minute"
          className="max-w-md"
          defaultValue={values.heldPerMinute}
          error={errors.heldPerMinute}
        />
      </div>
    </Section>
  )
}
