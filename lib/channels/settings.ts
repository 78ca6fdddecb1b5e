import { getCountries } from 'libphonenumber-js/max'
import { z } from 'zod'
import { CONTACT_TYPES, FAILED_HEAD_POLICIES, LOST_ANSWER_POLICIES, PROVIDER_FORMATS } from '#db/schema/channels'
import { parseRetrySchedule } from '#lib/channels/retry-schedule'
import { isKnownCountry } from '#lib/provider/handles'

const BYTES_PER_MB = 1_000_000
/** Front takes 25 MB per message. */
export const MAX_BODY_MB = 25
const MAX_REQUESTS_PER_MINUTE = 100_000
const MAX_HELD_PER_MINUTE = 6000

// A form leaves out what is hidden.
const blankToNull = (value: unknown) =>
  value === undefined || (typeof value === 'string' && value.trim() === '') ? null : value

export const channelName = z
  .string()
  .trim()
  .min(1, 'Give the channel a name.')
  .max(100, 'A name has at most 100 characters.')
  .refine((name) => !name.includes('\u0000'), 'The name holds a character that cannot be stored.')

const country = z.preprocess(
  blankToNull,
  z.string().trim().toUpperCase().refine(isKnownCountry, 'Choose a country from the list.').nullable(),
)

/** A form leaves an unticked box out. */
const ticked = z.preprocess((value) => value === 'on' || value === 'true' || value === true, z.boolean())

const providerUrl = z.preprocess(
  blankToNull,
  z
    .url({ protocol: /^https?$/, error: 'Write the whole address, such as https://example.com/messages.' })
    .max(2000, 'An address has at most 2,000 characters.')
    .refine(
      (url) => !URL.canParse(url) || new URL(url).username === '',
      'Put credentials into a header, not into the address.',
    )
    .nullable(),
)

/** What the wizard asks for, whichever way the channel comes to be. */
const basicFields = {
  name: channelName,
  contactType: z.enum(CONTACT_TYPES, 'Choose what identifies a customer.'),
  defaultCountry: country,
  receiveOnly: ticked,
  providerUrl,
  providerFormat: z.enum(PROVIDER_FORMATS, 'Choose what the provider gets.'),
}

type Reach = { receiveOnly: boolean; providerUrl: string | null }

const NEEDS_URL = {
  message: 'Say where replies go, or make the channel receive-only.',
  path: ['providerUrl'],
}
const canReply = ({ receiveOnly, providerUrl: url }: Reach) => receiveOnly || url !== null

export const channelBasics = z.object(basicFields).refine(canReply, NEEDS_URL)

const retryDelaysS = z.string().transform((text, context) => {
  const schedule = parseRetrySchedule(text)
  if (schedule.ok) return schedule.delaysS
  context.addIssue({ code: 'custom', message: schedule.problem })
  return z.NEVER
})

const maxBodyBytes = z.coerce
  .number('Write a number of megabytes.')
  .min(0.1, 'At least 0.1 MB.')
  .max(MAX_BODY_MB, `At most ${MAX_BODY_MB} MB: Front takes no more.`)
  .transform((megabytes) => Math.round(megabytes * BYTES_PER_MB))

const requestsPerMinute = z.preprocess(
  blankToNull,
  z.coerce
    .number('Write a whole number, or leave it empty.')
    .int('Write a whole number.')
    .min(1, 'At least 1 a minute.')
    .max(MAX_REQUESTS_PER_MINUTE, 'At most 100,000 a minute.')
    .nullable(),
)

/** Empty means as fast as the other side takes them. */
const heldPerMinute = z.preprocess(
  blankToNull,
  z.coerce
    .number('Write a whole number, or leave it empty.')
    .int('Write a whole number.')
    .min(1, 'At least 1 a minute.')
    .max(MAX_HELD_PER_MINUTE, 'At most 6,000 a minute. Leave it empty for no limit.')
    .nullable(),
)

/** For application channels only; a form without the field, or an empty one, means never. */
const offlineAfterFailures = z.preprocess(
  blankToNull,
  z.coerce
    .number('Write a whole number, or leave it empty.')
    .int('Write a whole number.')
    .min(1, 'At least 1.')
    .max(1000, 'At most 1,000.')
    .nullable(),
)

const MOST_DAYS = 3650

/** Empty keeps the log for ever. */
const retentionDays = z.preprocess(
  blankToNull,
  z.coerce
    .number('Write a number of days, or leave it empty.')
    .int('Write whole days.')
    .min(1, 'At least 1 day.')
    .max(MOST_DAYS, 'At most 3,650 days. Leave it empty to keep everything.')
    .nullable(),
)

/** The settings form: text fields as a browser posts them. */
export const channelSettings = z
  .object({
    ...basicFields,
    retryDelaysS,
    lostAnswer: z.enum(LOST_ANSWER_POLICIES, 'Choose one.'),
    heldPerMinute,
    failedHead: z.enum(FAILED_HEAD_POLICIES, 'Choose one.'),
    maxBodyBytes,
    requestsPerMinute,
    offlineAfterFailures,
    retentionDays,
  })
  .refine(canReply, NEEDS_URL)
export type ChannelSettings = z.infer<typeof channelSettings>

/** The first problem of each field, by its name. */
export function fieldProblems(error: z.core.$ZodError): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const issue of error.issues) problems[issue.path.join('.')] ??= issue.message
  return problems
}

/** Countries with their names in English, by name, for phone numbers without a country code. */
export function phoneCountries(): { code: string; name: string }[] {
  const names = new Intl.DisplayNames(['en'], { type: 'region' })
  return getCountries()
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
}
