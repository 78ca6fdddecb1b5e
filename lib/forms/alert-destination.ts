import { z } from 'zod'
import { ALERT_DESTINATION_KINDS, ALERT_KINDS } from '#db/schema/alerts'
import { isTimeZone } from '#lib/alerts/quiet-time'
import type { AlertPlace, AlertWishes } from '#lib/flows/alert-destinations'
import { emailField } from '#lib/forms/people-and-companies'
import { storableText } from '#lib/http/storable'

const text = z
  .string()
  .default('')
  .transform((given) => storableText(given).trim())
const whole = (what: string, least: number, most: number) =>
  z.coerce
    .number({ error: `Give ${what} as a number.` })
    .int(`Give ${what} as a whole number.`)
    .min(least, `Give at least ${least}.`)
    .max(most, `Give at most ${most}.`)
const time = text.pipe(z.union([z.literal(''), z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write it as 22:00.')]))

const wishes = z
  .object({
    name: text.pipe(z.string().min(1, 'Give it a name.').max(100, 'Keep the name under 100 characters.')),
    alerts: z.array(z.enum(ALERT_KINDS)).min(1, 'Choose at least one.'),
    scope: z.enum(['all', 'some'], { error: 'Choose which channels.' }),
    channelIds: z.array(z.uuid()).max(500),
    failuresInARow: whole('the attempts', 1, 1000),
    backlogMinutes: whole('the minutes', 1, 10_080),
    missingCount: whole('the messages', 1, 1000),
    calmMinutes: whole('the minutes', 0, 1440),
    quietFrom: time,
    quietTo: time,
    quietZone: text.refine(isTimeZone, 'Choose a time zone.'),
  })
  .superRefine((input, { addIssue }) => {
    const issue = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message })
    if (input.scope === 'some' && input.channelIds.length === 0) issue('channelIds', 'Choose at least one channel.')
    if ((input.quietFrom === '') !== (input.quietTo === '')) issue('quietTo', 'Give both times, or none.')
    else if (input.quietFrom !== '' && input.quietFrom === input.quietTo) {
      issue('quietTo', 'This would be the whole day. Switch the destination off instead.')
    }
  })
  .transform(
    ({ scope, channelIds, quietFrom, quietTo, quietZone, ...rest }): AlertWishes => ({
      ...rest,
      channelIds: scope === 'all' ? null : channelIds,
      quietFrom: quietFrom || null,
      quietTo: quietTo || null,
      quietZone,
    }),
  )

const kind = z.enum(ALERT_DESTINATION_KINDS, { error: 'Choose a kind.' })
const recipients = text
  .transform((given) => [...new Set(given.split(/[\s,;]+/).filter((one) => one !== ''))])
  .pipe(z.array(emailField).max(20, 'At most 20 addresses.'))
const address = text.pipe(
  z.union([z.literal(''), z.url({ protocol: /^https?$/, error: 'This is not a full web address.' }).max(2000)]),
)

/** What people choose about a destination, out of its form. */
export function readAlertWishes(form: FormData) {
  const listed = { alerts: form.getAll('alerts'), channelIds: form.getAll('channelIds') }
  return wishes.safeParse({ ...Object.fromEntries(form), ...listed })
}

/** Where it is, in the field of its kind; null where nothing was given, so that what is known stays. */
export function readAlertPlace(form: FormData) {
  const fields = z
    .object({ kind, to: recipients, slackUrl: address, webhookUrl: address })
    .transform(({ kind: chosen, to, slackUrl, webhookUrl }): { place: AlertPlace | null; field: string } => {
      if (chosen === 'email') return { place: to.length > 0 ? { kind: chosen, to } : null, field: 'to' }
      const url = chosen === 'slack' ? slackUrl : webhookUrl
      return { place: url ? { kind: chosen, url } : null, field: `${chosen}Url` }
    })
  const chosen = form.get('kind')
  // What was typed for another kind before it was changed must not stand in the way.
  const own = chosen === 'email' ? 'to' : `${String(chosen)}Url`
  return fields.safeParse({ kind: chosen, [own]: form.get(own) ?? '' })
}
