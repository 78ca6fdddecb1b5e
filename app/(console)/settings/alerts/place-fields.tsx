import { DESTINATION_KINDS, DESTINATION_ORDER } from '#lib/alerts/setting-words'
import { RadioCards } from '#ui/choice-fields'
import { TextAreaField, TextField } from '#ui/text-field'
import type { EditedDestination, FieldErrors } from './alert-form'
import { NoMailServer } from './no-mail-server'

type Props = { destination: EditedDestination; missing: readonly string[]; errors: FieldErrors }

const CHOICES = DESTINATION_ORDER.map((value) => ({ value, ...DESTINATION_KINDS[value] }))

/** Where a destination is. The fields of the chosen kind show, also before the page is awake. */
export function PlaceFields({ destination, missing, errors }: Props) {
  if (destination.id !== null) {
    return (
      <>
        <input type="hidden" name="kind" value={destination.kind} />
        <OwnFields kind={destination.kind} destination={destination} missing={missing} errors={errors} />
      </>
    )
  }
  return (
    <div className="group/kind flex flex-col gap-4">
      <RadioCards name="kind" label="Kind" choices={CHOICES} columns={3} defaultValue="email" error={errors.kind} />
      <div className="hidden flex-col gap-4 group-has-[[value=email]:checked]/kind:flex">
        <OwnFields kind="email" destination={destination} missing={missing} errors={errors} />
      </div>
      <div className="hidden group-has-[[value=slack]:checked]/kind:block">
        <OwnFields kind="slack" destination={destination} missing={missing} errors={errors} />
      </div>
      <div className="hidden group-has-[[value=webhook]:checked]/kind:block">
        <OwnFields kind="webhook" destination={destination} missing={missing} errors={errors} />
      </div>
    </div>
  )
}

function OwnFields({ kind, destination, missing, errors }: Props & Pick<EditedDestination, 'kind'>) {
  const isNew = destination.id === null
  if (kind === 'email') {
    return (
      <>
        {missing.length > 0 && <NoMailServer missing={missing} />}
        <TextAreaField
          name="to"
          label="E-mail addresses"
          hint="One or several, each on a line of its own."
          defaultValue={destination.kind === 'email' ? destination.shown.replaceAll(', ', '\n') : ''}
          rows={3}
          error={errors.to}
        />
      </>
    )
  }
  const keep = `Leave it empty to keep the present one, at ${destination.shown}.`
  const hints = {
    slack: 'In Slack: an app with Incoming Webhooks. Whoever knows this address can write there, so it is kept sealed.',
    webhook: 'Patchbay posts every event there as JSON. It makes the signing secret and shows it once.',
  }
  return (
    <TextField
      name={`${kind}Url`}
      label={kind === 'slack' ? 'Webhook address of Slack' : 'Address'}
      hint={isNew ? hints[kind] : keep}
      type="url"
      autoComplete="off"
      error={errors[`${kind}Url`]}
      mono
    />
  )
}
