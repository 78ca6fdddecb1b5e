import type { Work } from '#lib/delivery/carry'
import type { DeliveryDeps } from '#lib/delivery/deps'
import type { Tried } from '#lib/delivery/settlement'
import { tryRequest } from '#lib/delivery/try-request'
import { describeError, parseJson } from '#lib/front/answers'
import { MESSAGE_ID_HEADER } from '#lib/front/custom-message'
import { listConversationMessagesRequest } from '#lib/front/requests'
import { frontMessage, listOf } from '#lib/front/schemas'
import type { FrontAccess } from '#lib/front/transport'
import { LIST_BYTES } from '#lib/http/outbound'

type Found =
  /** It is there, or looking failed and is tried again: either way a try to write down. */
  | { kind: 'there' | 'not_looked'; tried: Tried }
  | { kind: 'absent' }
  /** Front's conversation is not known, so there is nowhere to look. */
  | { kind: 'unknown' }

/**
 * Looks whether a message whose answer was lost is in Front: our id travels in its `metadata.headers`. One page of the
 * conversation's newest messages is enough, since the lane stood still meanwhile.
 */
export async function findArrived(deps: DeliveryDeps, { cargo }: Work, access: FrontAccess): Promise<Found> {
  const conversationId = cargo.conversation.frontConversationId
  if (!conversationId) return { kind: 'unknown' }
  const request = listConversationMessagesRequest(access, { conversationId, limit: 50 })
  const { tried, answer } = await tryRequest(deps, request, { describe: describeError, maxAnswerBytes: LIST_BYTES })
  if (!answer || tried.judgement.verdict !== 'delivered') return { kind: 'not_looked', tried }
  const listed = listOf(frontMessage).safeParse(parseJson(answer.body))
  if (!listed.success) return { kind: 'unknown' }
  const message = listed.data._results.find((one) => one.metadata?.headers?.[MESSAGE_ID_HEADER] === cargo.message.id)
  if (!message) return { kind: 'absent' }
  const learned = {
    message_uid: message.message_uid,
    front_message_id: message.id,
    front_conversation_id: conversationId,
  }
  return { kind: 'there', tried: { ...tried, learned } }
}
