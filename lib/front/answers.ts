import { z } from 'zod'
import { acceptedMessage } from '#lib/front/schemas'
import type { FrontAnswer } from '#lib/front/transport'

/** What a refusing answer of Front says: `message` is null when it says nothing readable. */
export type FrontError = { title: string | null; message: string | null; details: string[] }

const messages = z.array(z.unknown()).catch([])
const oneError = z.looseObject({
  title: z.string().nullish().catch(null),
  message: z.string().nullish().catch(null),
  detail: z.string().nullish().catch(null),
  details: messages.nullish(),
})
// `_error` is an object today; one sentence of the documentation calls it a list, and `errors` is the form of 2016.
const errorBody = z.looseObject({
  _error: z
    .union([oneError, z.array(oneError)])
    .optional()
    .catch(undefined),
  errors: z.array(oneError).optional().catch(undefined),
  message: z.string().optional().catch(undefined),
})

/** Reads Front's error text from any of its shapes; a body that is not JSON gives its first line. */
export function readError(body: string): FrontError {
  const json = parseJson(body)
  const parsed = errorBody.safeParse(json)
  if (!parsed.success) return { title: null, message: firstLine(body), details: [] }
  const { _error, errors, message } = parsed.data
  const [error] = [_error, errors].flat().filter((candidate) => candidate !== undefined)
  return {
    title: error?.title ?? null,
    message: error?.message ?? error?.detail ?? message ?? null,
    details: (error?.details ?? []).filter((detail) => typeof detail === 'string'),
  }
}

/** One sentence of what Front refused: `Body did not satisfy requirements (body.sender: missing)`. */
export function describeError({ status, body }: Pick<FrontAnswer, 'status' | 'body'>): string {
  const { title, message, details } = readError(body)
  const what = message ?? title ?? `Front answered with status ${status}`
  return details.length > 0 ? `${what.replace(/\.$/, '')} (${details.join('; ')})` : what
}

/** The message uid of a 202, null when the answer does not hold one. */
export function readAccepted({ status, body }: Pick<FrontAnswer, 'status' | 'body'>): { messageUid: string } | null {
  if (status < 200 || status > 299) return null
  const parsed = acceptedMessage.safeParse(parseJson(body))
  return parsed.success ? { messageUid: parsed.data.message_uid } : null
}

/** What a rate-limited API says of itself; null for what it left out. */
export type RateLimit = {
  /** Calls a minute that the company may make, and how many of them are left. */
  limit: number | null
  remaining: number | null
  /** When the count starts anew. */
  resetAt: Date | null
  burstLimit: number | null
  burstRemaining: number | null
  /** Wait in milliseconds before the next call, from `Retry-After` or the error's own text; null when none is asked for. */
  retryAfterMs: number | null
}

/** Reads the rate-limit headers of any answer, and for a 429 the wait that Front asks for. */
export function readRateLimit({ status, headers, body }: FrontAnswer, now: Date): RateLimit {
  const resetAt = readUnixTime(headers['x-ratelimit-reset'])
  const asked = readRetryAfterMs(headers['retry-after'], now) ?? readBurstWaitMs(body)
  const untilReset = resetAt ? Math.max(0, resetAt.getTime() - now.getTime()) : null
  return {
    limit: readCount(headers['x-ratelimit-limit']),
    remaining: readCount(headers['x-ratelimit-remaining']),
    resetAt,
    burstLimit: readCount(headers['x-ratelimit-burst-limit']),
    burstRemaining: readCount(headers['x-ratelimit-burst-remaining']),
    retryAfterMs: status === 429 ? (asked ?? untilReset) : readRetryAfterMs(headers['retry-after'], now),
  }
}

/** `Retry-After` in both its forms, seconds or an HTTP date, as milliseconds from `now`; null when it is neither. */
export function readRetryAfterMs(value: string | undefined, now: Date): number | null {
  const trimmed = value?.trim()
  if (!trimmed) return null
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 1000)
  const date = /[a-z]{3}/i.test(trimmed) ? Date.parse(trimmed) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime())
}

/** `Please retry in 341 milliseconds.` */
function readBurstWaitMs(body: string): number | null {
  const wait = /retry in (\d+) milliseconds/i.exec(readError(body).message ?? '')?.[1]
  return wait === undefined ? null : Number(wait)
}

function readUnixTime(value: string | undefined): Date | null {
  const number = readCount(value)
  if (number === null || number === 0) return null
  return new Date(number > 1e12 ? number : number * 1000)
}

function readCount(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,15}(\.\d+)?$/.test(value.trim()) ? Number(value) : null
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function firstLine(body: string): string | null {
  // Its beginning only: looking for tags takes time that grows with the square of the length.
  const line = body
    .slice(0, 2000)
    .replaceAll(/<[^>]*>/g, ' ')
    .split('\n')
    .map((part) => part.trim())
    .find((part) => part !== '')
  return line ? line.slice(0, 300) : null
}
