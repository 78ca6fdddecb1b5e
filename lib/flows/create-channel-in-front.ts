import type { Database } from '#db/client'
import { listConnectedFrontIds } from '#db/queries/channels'
import { channelAddresses } from '#lib/channels/addresses'
import { AppError } from '#lib/errors'
import { dropUnfinishedChannel, finishChannel } from '#lib/flows/finish-channel'
import { type ChannelBasics, type OpenedChannel, openChannel } from '#lib/flows/open-channel'
import type { FrontClient } from '#lib/front/client'
import type { FrontChannel } from '#lib/front/schemas'
import type { SealingKeys } from '#lib/secrets'

type Front = Pick<FrontClient, 'listInboxChannels' | 'postChannel'>

type Creation = {
  basics: ChannelBasics
  inboxId: string
  front: Front
  publicUrl: string
  actor: string
  keys: SealingKeys
  now: Date
}

/** `finished: false`: Front may have made the channel, but we could not learn its id; a person finishes it. */
export type CreatedChannel = OpenedChannel & { finished: boolean }

/**
 * Creates a custom channel in Front (B4) that posts to us from its first moment. Our row comes first, so that the
 * outgoing URL exists and nothing is forgotten if we stop half-way: until Front's id is known the channel is
 * unfinished and its page offers to look for it.
 * @throws AppError with Front's words when it said no; then nothing is left behind
 */
export async function createChannelInFront(db: Database, creation: Creation): Promise<CreatedChannel> {
  const { inboxId, front, actor, now } = creation
  const before = await front.listInboxChannels(inboxId)
  const opened = await db.transaction((tx) =>
    openChannel(tx, { ...creation, frontChannelId: null, frontInboxId: inboxId }),
  )
  const frontChannelId = await askFront(db, creation, { opened, before })
  if (frontChannelId === null) return { ...opened, finished: false }
  const channel = await finishChannel(db, { channelId: opened.channel.id, frontChannelId, actor, now })
  return { ...opened, channel, finished: true }
}

type Asked = { opened: OpenedChannel; before: FrontChannel[] }

/** The new channel's id, or null when it may exist and cannot be told. */
async function askFront(db: Database, creation: Creation, { opened, before }: Asked): Promise<string | null> {
  const { basics, inboxId, front, publicUrl, actor } = creation
  const webhookUrl = channelAddresses({ publicUrl, channelKey: opened.channel.key }).outgoing
  try {
    const id = await front.postChannel({ inboxId, name: basics.name, settings: { webhookUrl } })
    return id ?? (await findNewChannel(db, creation, before))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'unavailable') return await findNewChannel(db, creation, before)
    await dropUnfinishedChannel(db, { channelId: opened.channel.id, actor })
    throw error
  }
}

/** Front may answer without a body (T24), or not at all: the channel that is in the list now and was not before. */
async function findNewChannel(
  db: Database,
  { basics, inboxId, front }: Creation,
  before: FrontChannel[],
): Promise<string | null> {
  const after = await listQuietly(front, inboxId)
  const connected = await listConnectedFrontIds(db, basics.companyId)
  const known = new Set([...before.map((channel) => channel.id), ...connected])
  const fresh = after.filter((channel) => channel.type === 'custom' && !known.has(channel.id))
  const [only, ...others] = fresh.filter((channel) => channel.name === basics.name)
  return only && others.length === 0 ? only.id : null
}

// The channel may exist by now: a list that fails must not look as if nothing had been made.
async function listQuietly(front: Front, inboxId: string): Promise<FrontChannel[]> {
  try {
    return await front.listInboxChannels(inboxId)
  } catch (error) {
    if (error instanceof AppError) return []
    throw error
  }
}
