import type { z } from 'zod'
import { AppError } from '#lib/errors'
import { describeError, parseJson, readAccepted } from '#lib/front/answers'
import { type CustomMessage, receiveCustomMessageRequest } from '#lib/front/custom-message'
import * as requests from '#lib/front/requests'
import { frontChannel, frontIdentity, frontInbox, frontMessage, listOf } from '#lib/front/schemas'
import type { FrontAccess, FrontAnswer, FrontRequest, SendToFront } from '#lib/front/transport'

export type FrontClientOptions = FrontAccess & { send: SendToFront }
export type FrontClient = ReturnType<typeof frontClient>

/**
 * Front's API for pages and flows that want an answer now; deliveries use the request builders and judge for themselves.
 * Every call throws AppError: `unavailable` when Front gave no complete answer or a 5xx, `rate_limited`, else
 * `upstream_refused` with Front's own words.
 */
export function frontClient({ send, ...access }: FrontClientOptions) {
  const call = (request: FrontRequest) => callFront(send, request)
  const read = async <Schema extends z.ZodType>(request: FrontRequest, schema: Schema) =>
    parseAnswer(await call(request), schema)

  return {
    /** The company that the token belongs to: proof that address and token are right. */
    me: () => read(requests.meRequest(access), frontIdentity),
    listInboxes: async () => (await read(requests.listInboxesRequest(access), listOf(frontInbox)))._results,
    listChannels: async () => (await read(requests.listChannelsRequest(access), listOf(frontChannel)))._results,
    listInboxChannels: async (inboxId: string) =>
      (await read(requests.listInboxChannelsRequest(access, inboxId), listOf(frontChannel)))._results,
    /** Null when Front has no such channel, or the token may not see it. */
    getChannel: async (channelId: string) => {
      const answer = await callFront(send, requests.getChannelRequest(access, channelId), [404])
      return answer.status === 404 ? null : parseAnswer(answer, frontChannel)
    },
    /** Only the call of B4: the new channel's id, null when Front answered without a body. */
    postChannel: async (channel: requests.NewFrontChannel | requests.NewApplicationChannel) => {
      const answer = await call(requests.createChannelRequest(access, channel))
      return frontChannel.safeParse(parseJson(answer.body)).data?.id ?? null
    },
    updateChannel: async (change: requests.FrontChannelChange) => {
      await call(requests.updateChannelRequest(access, change))
    },
    /** Not for deliveries: it can't tell whether a message whose answer was lost arrived. */
    receiveCustomMessage: async (frontChannelId: string, message: CustomMessage) => {
      const answer = await call(receiveCustomMessageRequest(access, { frontChannelId, message }))
      return readAccepted(answer) ?? refuseUnreadable()
    },
    /** `messageId` is a `msg_...` id or `uidAlias(uid)`. Null while Front does not have it. */
    findMessage: async (messageId: string) => {
      const answer = await callFront(send, requests.getMessageRequest(access, messageId), [404])
      return answer.status === 404 ? null : parseAnswer(answer, frontMessage)
    },
    listConversationMessages: async (page: { conversationId: string; limit?: number }) =>
      (await read(requests.listConversationMessagesRequest(access, page), listOf(frontMessage)))._results,
    addComment: async (comment: { conversationId: string; body: string }) => {
      await call(requests.addCommentRequest(access, comment))
    },
  }
}

/** Sends and throws unless the answer is a 2xx or one of `alsoFine`. */
export async function callFront(
  send: SendToFront,
  request: FrontRequest,
  alsoFine: readonly number[] = [],
): Promise<FrontAnswer> {
  const outcome = await send(request)
  if (outcome.kind === 'failed') throw new AppError('unavailable', `Front could not be reached: ${outcome.message}`)
  const { answer } = outcome
  const { status } = answer
  if ((status >= 200 && status <= 299) || alsoFine.includes(status)) return answer
  const said = describeError(answer)
  if (status === 401) throw new AppError('upstream_refused', `Front did not accept the API token: ${said}`)
  if (status === 403) throw new AppError('upstream_refused', `The API token may not do this in Front: ${said}`)
  if (status === 429) throw new AppError('rate_limited', `Front asks to slow down: ${said}`)
  if (status >= 500) throw new AppError('unavailable', `Front is in trouble (status ${status}): ${said}`)
  if (status >= 300 && status <= 399) {
    throw new AppError('upstream_refused', 'The address of Front leads elsewhere. Check the base URL.')
  }
  throw new AppError('upstream_refused', `Front refused: ${said}`)
}

/** @throws AppError `upstream_refused` when the answer is not what Front sends */
export function parseAnswer<Schema extends z.ZodType>(answer: FrontAnswer, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(parseJson(answer.body))
  return parsed.success ? parsed.data : refuseUnreadable()
}

function refuseUnreadable(): never {
  throw new AppError('upstream_refused', 'The answer is not one of Front’s. Check the base URL.')
}
