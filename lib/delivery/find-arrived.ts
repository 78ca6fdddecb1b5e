import type { Work } from '#lib/delivery/carry'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { frontAccess } from '#lib/delivery/front-access'
import { noApiToken, type Tried } from '#lib/delivery/settlement'
import { tryRequest } from '#lib/delivery/try-request'
import { describeError, parseJson } from '#lib/front/answers'
import { MESSAGE_ID_HEADER } from '#lib/front/custom-message'
import { listConversationMessagesRequest } from '#lib/front/requests'
import { frontMessage, listOf } from '#lib/front/schemas'
import type { HttpAnswer } from '#lib/http/http-result'
import { LIST_BYTES } from '#lib/http/outbound'

type Found =
  /** It is there, or looking failed and is tried again: either way a try to write down. */
  | { kind: 'there' | 'not_looked'; tried: Tried }
  | { kind: 'absent' }
  /** Front's conversation is not known, so there is nowhere to look. */
  | { kind: 'unknown' }

/**
 * Looks whether a message whose answer was lost is in Front: our id travels in its `metadata.headers`, or is its
 * `external_id` where an app brought it. One page of the conversation's newest messages is enough, since the lane stood
 * still meanwhile.
 */
export async function findArrived(deps: DeliveryDeps, { cargo, route }: Work): Promise<Found> {
  const known = cargo.conversation.frontConversationId
  if (!known) return { kind: 'unknown' }
  const look = async (conversationId: string) => {
    const access = await frontAccess(deps, route)
    if (!access) return { tried: noApiToken(deps.now()), answer: null }
    const request = listConversationMessagesRequest(access, { conversationId, limit: 50 })
    return tryRequest(deps, request, { describe: describeError, maxAnswerBytes: LIST_BYTES })
  }
  const first = await look(known)
  const merged = first.answer && mergedInto(first.answer)
  const conversationId = merged ?? known
  const { tried, answer } = merged ? await look(merged) : first
  if (answer && isNowhere(answer.status)) return { kind: 'unknown' }
  if (!answer || tried.judgement.verdict !== 'delivered') return { kind: 'not_looked', tried }
  const listed = listOf(frontMessage).safeParse(parseJson(answer.body))
  if (!listed.success) return { kind: 'unknown' }
  const message = listed.data._results.find(
    ({ metadata }) =>
      metadata?.headers?.[MESSAGE_ID_HEADER] === cargo.message.id || metadata?.external_id === cargo.message.id,
  )
  if (!message) return { kind: 'absent' }
  const learned = {
    message_uid: message.message_uid,
    front_message_id: message.id,
    front_conversation_id: conversationId,
  }
  return { kind: 'there', tried: { ...tried, learned } }
}

/** A merged conversation leads to the one that it went into (T25). */
function mergedInto({ status, headers }: HttpAnswer): string | null {
  const isMoved = status >= 301 && status <= 308
  return (isMoved && /\/conversations\/(cnv_\w{1,100})/.exec(headers.location ?? '')?.[1]) || null
}

/** Deleted, moved to we know not where, or closed to this token: no later look will see more. */
function isNowhere(status: number): boolean {
  return status === 403 || status === 404 || status === 410 || (status >= 300 && status <= 399)
}
