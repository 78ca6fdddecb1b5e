import type { AlertKind } from '#db/schema/alerts'
import { ALERT_KIND_WORDS, ALERT_ORDER } from '#lib/alerts/setting-words'
import type { AlertWishes } from '#lib/flows/alert-destinations'
import { CheckboxField } from '#ui/choice-fields'
import { FieldError } from '#ui/field'
import { TextField } from '#ui/text-field'
import type { FieldErrors } from './alert-form'

type Threshold = 'failuresInARow' | 'backlogMinutes' | 'missingCount'
type Props = { wishes: AlertWishes; errors: FieldErrors }

const THRESHOLDS: Partial<Record<AlertKind, { name: Threshold; label: string; suffix: string }>> = {
  failing: { name: 'failuresInARow', label: 'Fails after', suffix: 'failed attempts in a row' },
  backlog: { name: 'backlogMinutes', label: 'Too long is', suffix: 'minutes' },
  confirmations: { name: 'missingCount', label: 'At least', suffix: 'missing messages in 24 hours' },
}

/** Which trouble is told, from when on, and when it counts as over. */
export function TroubleFields({ wishes, errors }: Props) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-4">
      <legend className="mb-2 text-sm font-medium text-ink">Tell when</legend>
      {ALERT_ORDER.map((kind) => (
        <div key={kind} className="flex flex-col gap-2">
          <CheckboxField
            id={`alerts-${kind}`}
            name="alerts"
            value={kind}
            label={ALERT_KIND_WORDS[kind].title}
            defaultChecked={wishes.alerts.includes(kind)}
          />
          <ThresholdField kind={kind} wishes={wishes} errors={errors} />
        </div>
      ))}
      <FieldError id="alerts-error" error={errors.alerts} />
      <TextField
        name="calmMinutes"
        label="Over after"
        hint="So long there must be no trouble before its end is told: what comes and goes is one alert."
        type="number"
        min={0}
        max={1440}
        suffix="minutes without trouble"
        defaultValue={String(wishes.calmMinutes)}
        error={errors.calmMinutes}
        className="[&_input]:max-w-24"
      />
    </fieldset>
  )
}

function ThresholdField({ kind, wishes, errors }: Props & { kind: AlertKind }) {
  const threshold = THRESHOLDS[kind]
  if (!threshold) return null
  const { name, label, suffix } = threshold
  return (
    <TextField
      name={name}
      label={label}
      type="number"
      min={1}
      suffix={suffix}
      defaultValue={String(wishes[name])}
      error={errors[name]}
      className="ml-6.5 [&_input]:max-w-24"
    />
  )
}
