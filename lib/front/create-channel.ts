import { AppError } from '#lib/errors'
import { parseJson } from '#lib/front/answers'
import {
  createChannelRequest,
  getChannelRequest,
  listInboxChannelsRequest,
  type NewFrontChannel,
} from '#lib/front/requests'
import { type FrontChannel, frontChannel, listOf } from '#lib/front/schemas'
import type { FrontAccess, FrontAnswer, FrontRequest } from '#lib/front/transport'

type Creation = {
  call: (request: FrontRequest) => Promise<FrontAnswer>
  access: FrontAccess
  channel: NewFrontChannel
}

/**
 * Creates a custom channel (B4). Front's specification promises a 204 without a body (T24), older answers held the
 * channel: without a body the new channel is found by comparing the inbox's channels before and after.
 * @throws AppError `upstream_refused` when the new channel can't be told from others that appeared meanwhile
 */
export async function createCustomChannel({ call, access, channel }: Creation): Promise<FrontChannel> {
  const list = async () => readList(await call(listInboxChannelsRequest(access, channel.inboxId)))
  const before = new Set((await list()).map(({ id }) => id))
  const answer = await call(createChannelRequest(access, channel))
  const created = frontChannel.safeParse(parseJson(answer.body))
  if (created.success) return created.data
  const added = (await list()).filter(({ id }) => !before.has(id))
  const found = pickAdded(added, channel.name)
  return frontChannel.parse(parseJson((await call(getChannelRequest(access, found.id))).body))
}

function pickAdded(added: FrontChannel[], name: string): FrontChannel {
  const named = added.filter((candidate) => candidate.name === name)
  const [only, another] = named.length > 0 ? named : added
  if (only && !another) return only
  throw new AppError(
    'upstream_refused',
    only
      ? `Front created the channel, but several new ones are called “${name}”. Connect the right one by its id.`
      : 'Front took the request, but the new channel is not in the inbox yet. Look in Front, then connect it by its id.',
  )
}

function readList(answer: FrontAnswer): FrontChannel[] {
  const parsed = listOf(frontChannel).safeParse(parseJson(answer.body))
  if (!parsed.success) throw new AppError('upstream_refused', 'Front’s list of channels could not be read.')
  return parsed.data._results
}
