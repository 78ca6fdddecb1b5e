import { z } from 'zod'
import type { ErrorDetail } from '#lib/errors'
import { optionalText, parseFields, refuseFields } from '#lib/provider/fields'

const statusUpdate = z.object({
  status: z.enum(['failed', 'delivered', 'offline', 'ok'], 'is none of failed, delivered, offline, ok'),
  message_id: optionalText(200),
  external_id: optionalText(200),
  reason: optionalText(500),
})

/** What became of a message after the provider had taken it, or whether the channel as a whole works. */
export type StatusUpdate =
  | {
      about: 'message'
      status: 'failed' | 'delivered'
      messageId: string | null
      externalId: string | null
      reason: string | null
    }
  | { about: 'channel'; status: 'offline' | 'ok'; reason: string | null }

/**
 * Parses what a provider tells of a message or of the channel.
 * @throws AppError `invalid_input` that names every wrong field by its path
 */
export function parseStatusUpdate(fields: unknown): StatusUpdate {
  const what = 'This status'
  const update = parseFields(statusUpdate, fields, { what })
  const { status, reason, message_id: messageId, external_id: externalId } = update
  const wrong = findContradictions(update)
  if (wrong.length > 0) throw refuseFields(what, wrong)
  return status === 'failed' || status === 'delivered'
    ? { about: 'message', status, messageId, externalId, reason }
    : { about: 'channel', status, reason }
}

function findContradictions({ status, message_id, external_id, reason }: z.output<typeof statusUpdate>): ErrorDetail[] {
  const names = [...(message_id ? ['message_id'] : []), ...(external_id ? ['external_id'] : [])]
  if (status === 'failed' || status === 'delivered') {
    if (names.length > 0) return []
    return [{ path: 'message_id', message: `is needed for ${status}; external_id will do as well` }]
  }
  const named = names.map((path) => ({ path, message: `names a message, but ${status} is about the whole channel` }))
  const missing = { path: 'reason', message: 'is needed for offline: people are shown why' }
  return status === 'offline' && reason === null ? [...named, missing] : named
}
