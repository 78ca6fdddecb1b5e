import { Section } from '#ui/section'
import { TextField } from '#ui/text-field'

export type FieldProps = { values: Record<string, string>; errors: Record<string, string> }

export function OfflineSection({ values, errors }: FieldProps) {
  return (
    <Section
      title="Offline in Front"
      description="When the provider no longer accepts Patchbay’s credentials, teammates should not go on writing replies that wait."
    >
      <TextField
        name="offlineAfterFailures"
        label="Mark the channel offline after"
        hint="Refusals of the credentials one after the other. Front then shows a notice; replies are kept and go out when the channel is back. Empty means never."
        inputMode="numeric"
        required={false}
        suffix="refusals"
        className="max-w-md"
        defaultValue={values.offlineAfterFailures}
        error={errors.offlineAfterFailures}
      />
    </Section>
  )
}

export function LimitsSection({ values, errors }: FieldProps) {
  return (
    <Section
      title="Limits"
      description="For what providers post to this channel, beyond which they get a clear refusal, and for what is kept."
    >
      <div className="grid items-end gap-6 sm:grid-cols-2">
        <TextField
          name="maxBodyBytes"
          label="Largest message, files included"
          hint="Front takes 25 MB at most. JSON without files is limited to 4 MB."
          inputMode="decimal"
          suffix="MB"
          defaultValue={values.maxBodyBytes}
          error={errors.maxBodyBytes}
        />
        <TextField
          name="requestsPerMinute"
          label="Messages a minute"
          hint="Empty means no limit."
          inputMode="numeric"
          required={false}
          suffix="per minute"
          defaultValue={values.requestsPerMinute}
          error={errors.requestsPerMinute}
        />
        <TextField
          name="retentionDays"
          label="Keep the log for"
          hint="After that its messages, attempts and files are deleted here, not in Front. What still waits is kept. Empty keeps everything."
          inputMode="numeric"
          required={false}
          suffix="days"
          defaultValue={values.retentionDays}
          error={errors.retentionDays}
        />
      </div>
    </Section>
  )
}
