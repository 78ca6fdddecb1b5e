import type { DedupeKey } from '#db/queries/store-message'
import type { AppCall } from '#lib/endpoints/at-the-app-door'
import type { SignedEvent } from '#lib/endpoints/read-app-event'
import { requireChannel } from '#lib/endpoints/require-connection'
import { startDelivery } from '#lib/endpoints/start-delivery'
import { AppError } from '#lib/errors'
import { beforeDeadline } from '#lib/flows/before-deadline'
import { confirmImport } from '#lib/flows/confirm-import'
import { type ReceivedOutgoing, storeOutgoing } from '#lib/flows/receive-outgoing'
import type { Outgoing } from '#lib/flows/store-front-message'
import { type Autoreply, autoreplyKey, externalConversationIds, type FrontEventOf } from '#lib/front/events'
import { ACKNOWLEDGED, taken } from '#lib/front/replies'

type PostedMessage = Omit<SignedEvent, 'event'> & { event: FrontEventOf<'message' | 'message_autoreply'> }

/** F4 and F5: stored first, then answered with the ids that Front will know it by. */
export async function answerMessage(call: AppCall, { event, raw, variant }: PostedMessage) {
  const { deps, timeLimit } = call
  const channel = requireChannel(call)
  if (channel.receiveOnly) throw new AppError('receive_only', 'This channel takes messages in and carries no replies.')
  const outgoing: Outgoing = {
    channel,
    ...contentOf(event),
    named: namedBy(event.metadata),
    raw: payloadOf(raw),
    signatureVariant: variant,
    now: deps.now(),
  }
  const received = await beforeDeadline(deps.db, timeLimit, (tx) => storeOutgoing(tx, outgoing))
  if (received.outcome === 'stored') {
    call.stored.messageId = received.id
    startDelivery(deps)
  } else await keepRepeat(call, received)
  if (received.reference === null) throw new Error('A conversation of an application channel has no reference.')
  return taken({ externalId: received.id, externalConversationId: received.reference })
}

function contentOf({ type, payload }: PostedMessage['event']): Pick<Outgoing, 'kind' | 'message' | 'key'> {
  if (type === 'message') return { message: payload, key: frontKey(payload.id) }
  const id = payload.id ?? null
  return { kind: 'autoreply', message: { ...payload, id }, key: keyOfAutoreply(payload) }
}

function keyOfAutoreply(payload: Autoreply): DedupeKey {
  if (payload.id) return frontKey(payload.id)
  return { kind: 'front_autoreply', value: autoreplyKey(payload), bodyHash: null }
}

function frontKey(id: string): DedupeKey {
  return { kind: 'front', value: id, bodyHash: null }
}

/** Front merges a few conversations into one, never this many. */
const MOST_NAMES = 100

function namesOf(metadata: PostedMessage['event']['metadata']): string[] {
  return externalConversationIds(metadata).slice(0, MOST_NAMES)
}

/** With the field that held them: which one Front fills is documented for imports only, so people see it. */
function namedBy(metadata: PostedMessage['event']['metadata']): Outgoing['named'] {
  const references = namesOf(metadata)
  const isList = (metadata?.external_conversation_ids?.length ?? 0) > 0
  return { references, field: isList ? 'metadata.external_conversation_ids' : 'metadata.external_conversation_id' }
}

/** The message itself, as a channel that asks for it passes it on. */
function payloadOf(raw: unknown): unknown {
  return typeof raw === 'object' && raw !== null && 'payload' in raw ? raw.payload : raw
}

async function keepRepeat(call: AppCall, { id, outcome }: ReceivedOutgoing): Promise<void> {
  const isEcho = outcome === 'echo'
  const message = isEcho
    ? 'Front posted a message that Patchbay brought there itself. It does not go back to the provider.'
    : 'Front posted the same message again. It was answered as the first time, and nothing new was stored.'
  await call.keep({ status: 200, code: isEcho ? 'echo' : 'duplicate', message, messageId: id })
}

/** F6. What is not ours is no failure: Front tells of it once and waits for nothing. */
export async function answerImported(call: AppCall, { payload, metadata }: FrontEventOf<'message_imported'>) {
  const { deps, timeLimit } = call
  const { id: channelId } = requireChannel(call)
  const references = namesOf(metadata)
  const known = await beforeDeadline(deps.db, timeLimit, (tx) =>
    confirmImport(tx, { channelId, message: payload, references }),
  )
  if (known === null) {
    const message = 'Front imported a message of which Patchbay has no record.'
    await call.keep({ status: 200, code: 'unknown_import', message })
  }
  return ACKNOWLEDGED
}
