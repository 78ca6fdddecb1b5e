import { z } from 'zod'
import { AppError, type ErrorDetail } from '#lib/errors'
import { findMisplaced } from '#lib/provider/misplaced'

const MAX_BODY_CHARS = 1_000_000
const MAX_HEADERS_CHARS = 20_000

/** A form sends an empty field where JSON sends null or leaves it out. */
function optionalText(maxChars: number) {
  return z
    .string()
    .max(maxChars, `is longer than ${maxChars} characters`)
    .nullish()
    .transform((text) => text?.trim() || null)
}

const freeHeaders = z
  .record(z.string().max(200), z.unknown())
  .refine(
    (headers) => JSON.stringify(headers).length <= MAX_HEADERS_CHARS,
    `is larger than ${MAX_HEADERS_CHARS} characters`,
  )

const sentAt = z
  .union([z.string(), z.number()], 'is neither an ISO 8601 time nor Unix seconds')
  .nullish()
  .transform((value, context) => {
    if (value === null || value === undefined || value === '') return null
    const date = readTime(value)
    if (date) return date
    context.addIssue({ code: 'custom', message: 'is neither an ISO 8601 time nor Unix seconds' })
    return z.NEVER
  })

/**
 * What a provider posts: the body of Front's *Receive custom messages*, plus what makes it safe to send twice
 * (`external_id`), dated (`sent_at`) and sorted (`conversation_key`), plus the format `text`.
 */
export const incomingMessage = z.object({
  sender: z.object({
    handle: z.string().trim().min(1, 'is empty').max(500, 'is longer than 500 characters'),
    name: optionalText(500),
    contact_id: optionalText(200),
  }),
  subject: optionalText(1000),
  body: z
    .string()
    .max(MAX_BODY_CHARS, `is longer than ${MAX_BODY_CHARS} characters`)
    .nullish()
    .transform((body) => body ?? ''),
  /** Left out means plain text. Front would read it as Markdown and mangle `snake_case` and line breaks. */
  body_format: z
    .enum(['markdown', 'html', 'text'], 'is none of markdown, html, text')
    .nullish()
    .transform((format) => format ?? 'text'),
  metadata: z
    .object({ thread_ref: optionalText(1000), headers: freeHeaders.nullish().transform((headers) => headers ?? null) })
    .nullish()
    .transform((metadata) => metadata ?? { thread_ref: null, headers: null }),
  /** The provider's own id of the message: the same id is the same message. */
  external_id: optionalText(200),
  sent_at: sentAt,
  /** The provider's name for the conversation. */
  conversation_key: optionalText(200),
})
export type IncomingMessage = z.infer<typeof incomingMessage>

/**
 * Parses what a provider sent, decoded from JSON or from a form and fit for storage already.
 * @throws AppError `invalid_input` that names every wrong field by its path
 */
export function parseIncomingMessage(fields: unknown, { fileCount }: { fileCount: number }): IncomingMessage {
  const details: ErrorDetail[] = findMisplaced(fields)
  const parsed = incomingMessage.safeParse(fields, { reportInput: true })
  if (!parsed.success) details.push(...parsed.error.issues.map(toDetail))
  if (fileCount === 0 && isBlankBody(fields)) details.push({ path: 'body', message: 'is missing: send text or a file' })
  if (parsed.success && details.length === 0) return parsed.data
  const paths = [...new Set(details.map(({ path }) => path || 'the body'))]
  throw new AppError('invalid_input', `This message can’t be taken. Look at ${paths.join(', ')}.`, { details })
}

function isBlankBody(fields: unknown): boolean {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return false
  const body = 'body' in fields ? fields.body : undefined
  return body === undefined || body === null || (typeof body === 'string' && body.trim() === '')
}

/** What a provider may answer to a message; anything else in it, or no JSON at all, is fine too. */
export const providerAnswer = z
  .object({ external_id: looseId(), conversation_key: looseId() })
  .catch({ external_id: null, conversation_key: null })
export type ProviderAnswer = z.infer<typeof providerAnswer>

/** Reads the ids from a provider's answer, as far as it gave any. */
export function readProviderAnswer(body: string): ProviderAnswer {
  try {
    return providerAnswer.parse(JSON.parse(body))
  } catch {
    return { external_id: null, conversation_key: null }
  }
}

function looseId() {
  return z
    .union([z.string(), z.number()])
    .transform((id) => String(id).slice(0, 200) || null)
    .nullable()
    .catch(null)
    .default(null)
}

function toDetail(issue: z.core.$ZodIssue): ErrorDetail {
  const path = issue.path.map(String).join('.')
  if (issue.code === 'invalid_type') {
    return { path, message: issue.input === undefined ? 'is missing' : `is not ${article(issue.expected)}` }
  }
  return { path, message: issue.message }
}

function article(expected: string): string {
  return expected === 'object' || expected === 'record'
    ? 'an object'
    : expected === 'string'
      ? 'a text'
      : `a ${expected}`
}

/** ISO 8601, Unix seconds or, above 1e12, milliseconds; null when it is no time between 2000 and 2100. */
export function readTime(value: string | number): Date | null {
  const number = typeof value === 'number' || /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : null
  const isIso = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(value.trim())
  const ms =
    number !== null ? (number > 1e12 ? number : number * 1000) : isIso ? Date.parse(String(value).trim()) : Number.NaN
  return ms >= Date.UTC(2000) && ms < Date.UTC(2100) ? new Date(ms) : null
}
