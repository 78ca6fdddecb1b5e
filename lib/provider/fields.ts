import { z } from 'zod'
import { AppError, type ErrorDetail } from '#lib/errors'

/** A form sends an empty field where JSON sends null or leaves it out. */
export function optionalText(maxChars: number) {
  return z
    .string()
    .max(maxChars, `is longer than ${maxChars} characters`)
    .nullish()
    .transform((text) => text?.trim() || null)
}

/** A text that has to be there. */
export function requiredText(maxChars: number) {
  return z.string().trim().min(1, 'is empty').max(maxChars, `is longer than ${maxChars} characters`)
}

/** The provider's own id of something, by which Front's path names it: `.` and `..` would lead to another place there. */
export const requiredId = requiredText(200).refine((id) => id !== '.' && id !== '..', 'is no id that a path can hold')

/** An e-mail address; null when it is left out or empty. */
export const optionalEmail = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || null)
  .pipe(z.email('is not an e-mail address').max(254, 'is longer than 254 characters').nullable())

const NO_TIME = 'is neither an ISO 8601 time nor Unix seconds'

/** A moment as `readTime` reads it; null when it is left out. */
export const optionalTime = z
  .union([z.string(), z.number()], NO_TIME)
  .nullish()
  .transform((value, context) => {
    if (value === null || value === undefined || value === '') return null
    const date = readTime(value)
    if (date) return date
    context.addIssue({ code: 'custom', message: NO_TIME })
    return z.NEVER
  })

/** ISO 8601, Unix seconds or, above 1e12, milliseconds; null when it is no time between 2000 and 2100. */
export function readTime(value: string | number): Date | null {
  const number = typeof value === 'number' || /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : null
  const isIso = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(value.trim())
  const ms =
    number !== null ? (number > 1e12 ? number : number * 1000) : isIso ? Date.parse(String(value).trim()) : Number.NaN
  return ms >= Date.UTC(2000) && ms < Date.UTC(2100) ? new Date(ms) : null
}

type Parsing = {
  /** What the fields make up, as it is called in a sentence: `this message`. */
  what: string
  /** Faults that were found otherwise, told before and after those of the schema. */
  before?: ErrorDetail[]
  after?: ErrorDetail[]
}

/**
 * Parses what a provider sent, decoded from JSON or from a form and fit for storage already.
 * @throws AppError `invalid_input` that names every wrong field by its path
 */
export function parseFields<Schema extends z.ZodType>(
  schema: Schema,
  fields: unknown,
  { what, before = [], after = [] }: Parsing,
): z.output<Schema> {
  const parsed = schema.safeParse(fields, { reportInput: true })
  const wrong = parsed.success ? [] : parsed.error.issues.map(toDetail)
  const details = [...before, ...wrong, ...after]
  if (parsed.success && details.length === 0) return parsed.data
  throw refuseFields(what, details)
}

/** The refusal of fields that contradict one another. */
export function refuseFields(what: string, details: ErrorDetail[]): AppError {
  const paths = [...new Set(details.map(({ path }) => path || 'the body'))]
  return new AppError('invalid_input', `${what} can’t be taken. Look at ${paths.join(', ')}.`, { details })
}

function toDetail(issue: z.core.$ZodIssue): ErrorDetail {
  const path = issue.path.map(String).join('.')
  if (issue.code === 'invalid_type') {
    return { path, message: issue.input === undefined ? 'is missing' : `is not ${article(issue.expected)}` }
  }
  return { path, message: issue.message }
}

const EXPECTED: Record<string, string> = { object: 'an object', record: 'an object', array: 'a list', string: 'a text' }

function article(expected: string): string {
  return EXPECTED[expected] ?? `a ${expected}`
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
