import { z } from 'zod'
import type { PostResult } from '#lib/sandbox/post'

/** What each typed error of an app says where it brings no message of its own. */
const CODES: Record<string, string> = {
  bad_request: 'The channel’s server did not understand the request.',
  authentication_required: 'The channel has to be authenticated again.',
  forbidden: 'The channel’s server forbids it.',
  not_found: 'The channel’s server does not know it.',
  request_timeout: 'The channel’s server was too slow.',
  too_many_requests: 'The channel’s server has too much to do.',
  internal_error: 'The channel’s server failed.',
}

/** `code` is the type of a typed error, null where the server gave no readable answer. */
export type AppAnswer = { ok: true; body: Record<string, unknown> } | { ok: false; code: string | null; reason: string }

const typed = z.looseObject({ type: z.string().optional(), message: z.string().optional() })

/**
 * Reads an app's answer as Front does. A typed error is read with any status, because which one belongs to it is not
 * documented; otherwise a status that is no 2xx, or a body that is no JSON object, is no answer.
 */
export function readAppAnswer(result: PostResult): AppAnswer {
  if (result.kind === 'failed') {
    return { ok: false, code: null, reason: `The channel’s server did not answer. ${result.message}` }
  }
  const body = parse(result.body)
  const { type = '', message } = typed.safeParse(body).data ?? {}
  const words = Object.hasOwn(CODES, type) ? CODES[type] : undefined
  if (words !== undefined) return { ok: false, code: type, reason: message || words }
  if (result.status >= 200 && result.status < 300 && body !== null) return { ok: true, body }
  return { ok: false, code: null, reason: `The channel’s server is not responsive: it answered ${result.status}.` }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  } catch {
    return null
  }
}
