import { createHash } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '#lib/errors'
import { frontMessage, repliedToIdOf } from '#lib/front/schemas'

/** Beyond this Front itself takes no external id. */
const LONGEST_ID = 200
/** More names than any merged conversation has; all of them go into one statement. */
const MOST_REFERENCES = 100
const externalId = z.string().min(1).max(LONGEST_ID)

// Read loosely: what Front adds passes, and what it may leave out may be missing.
const metadata = z
  .looseObject({
    external_conversation_id: externalId.nullish().catch(null),
    external_conversation_ids: z.array(z.unknown()).nullish().catch(null),
  })
  .nullish()
  .catch(null)

/** A message that is not in Front yet and so has no id (T12). */
const autoreply = z.looseObject({ ...frontMessage.shape, id: z.string().nullish().catch(null) })
export type Autoreply = z.infer<typeof autoreply>

const pageToken = z.looseObject({
  page_token: z.string().nullish().catch(null),
  next_page_token: z.string().nullish().catch(null),
})

const authorization = z.object({
  type: z.literal('authorization'),
  payload: z.looseObject({ channel_id: z.string().regex(/^cha_[0-9a-zA-Z]{1,60}$/, 'is not a channel id') }),
})
const listAddresses = z.object({
  type: z.literal('list_addresses'),
  payload: pageToken.nullish().catch(null),
  pagination: pageToken.nullish().catch(null),
})
const message = z.object({ type: z.literal('message'), payload: frontMessage, metadata })
const messageAutoreply = z.object({ type: z.literal('message_autoreply'), payload: autoreply, metadata })
const messageImported = z.object({ type: z.literal('message_imported'), payload: frontMessage, metadata })
const deletion = z.object({
  type: z.literal('delete'),
  payload: z
    .looseObject({ channel_id: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
})
/** Sent when an app's webhook feature is saved: the header `X-Front-Challenge` is to be echoed (F11). */
const sync = z.object({ type: z.literal('sync') })

const KNOWN = {
  authorization,
  list_addresses: listAddresses,
  message,
  message_autoreply: messageAutoreply,
  message_imported: messageImported,
  delete: deletion,
  sync,
}
const known = z.discriminatedUnion('type', [
  authorization,
  listAddresses,
  message,
  messageAutoreply,
  messageImported,
  deletion,
  sync,
])

export type KnownFrontEvent = z.infer<typeof known>
export type FrontEvent = KnownFrontEvent | { type: 'unknown'; name: string; raw: unknown }
export type FrontEventOf<Type extends KnownFrontEvent['type']> = Extract<KnownFrontEvent, { type: Type }>

/**
 * What Front posts to an app's addresses, parsed (F2 to F7, F11). A type that nobody knows is no error: Front may add some.
 * @throws AppError `bad_request` when it is no event at all, `invalid_input` that names every wrong field of a known one
 */
export function parseFrontEvent(raw: unknown): FrontEvent {
  const type = typeof raw === 'object' && raw !== null && 'type' in raw ? raw.type : undefined
  if (typeof type !== 'string' || type === '') throw new AppError('bad_request', 'This is no event: it has no type.')
  if (!Object.hasOwn(KNOWN, type)) return { type: 'unknown', name: type.slice(0, LONGEST_ID), raw }
  const parsed = known.safeParse(raw)
  if (parsed.success) return parsed.data
  const details = parsed.error.issues.map(({ path, message: fault }) => ({
    path: path.map(String).join('.'),
    message: fault,
  }))
  throw new AppError('invalid_input', `This is not a “${type}” as Front sends it.`, { details })
}

/** Every id of ours by which Front names the conversation, without repeats: the list first, then the field that it replaces. */
export function externalConversationIds(given: FrontEventOf<'message'>['metadata']): string[] {
  const list = given?.external_conversation_ids?.slice(0, MOST_REFERENCES) ?? []
  const all = [...list, given?.external_conversation_id]
  return [...new Set(all.flatMap((id) => externalId.safeParse(id).data ?? []))]
}

/** Where the next page of addresses begins, wherever Front put it; null for the first page. */
export function pageTokenOf({ payload, pagination }: FrontEventOf<'list_addresses'>): string | null {
  return (
    payload?.page_token ?? payload?.next_page_token ?? pagination?.page_token ?? pagination?.next_page_token ?? null
  )
}

/**
 * What stands for the id that an auto-reply does not have: the same when Front sends it again, another one for another
 * rule that answers the same message at the same time.
 */
export function autoreplyKey(reply: Autoreply): string {
  const recipients = reply.recipients.map(({ handle, role }) => [handle, role])
  const content = JSON.stringify([repliedToIdOf(reply), reply.created_at, reply.body, reply.text, recipients])
  return createHash('sha256').update(content).digest('hex')
}
