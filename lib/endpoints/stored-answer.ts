import type { Received } from '#lib/flows/store-provider-message'

/** What a provider is told of a message that is stored, now or since its first time. */
export function toStoredAnswer({ id, conversation, duplicate }: Received): Response {
  const answer = {
    status: 'accepted',
    id,
    message_uid: null,
    conversation: conversation && {
      key: conversation.key,
      reference: conversation.reference,
      is_new: conversation.isNew,
    },
    duplicate,
  }
  return Response.json(answer, { status: 202 })
}
