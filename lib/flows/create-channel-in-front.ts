import type { Database } from '#db/client'
import { listConnectedFrontIds } from '#db/queries/channels'
import { channelAddresses } from '#lib/channels/addresses'
import { AppError } from '#lib/errors'
import { dropUnfinishedChannel, finishChannel } from '#lib/flows/finish-channel'
import type { FrontChannel, FrontChannels } from '#lib/flows/front-channels'
import { type ChannelBasics, type OpenedChannel, openChannel } from '#lib/flows/open-channel'
import type { SealingKeys } from '#lib/secrets'

type Creation = {
  basics: ChannelBasics
  inboxId: string
  front: FrontChannels
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
 * @throws AppError `upstream_refused` when Front said no; then nothing is left behind
 */
export async function createChannelInFront(db: Database, creation: Creation): Promise<CreatedChannel> {
  const { basics, inboxId, front, publicUrl, actor, now } = creation
  const before = await front.listInboxChannels(inboxId)
  const opened = await db.transaction((tx) =>
    openChannel(tx, { ...creation, frontChannelId: null, frontInboxId: inboxId }),
  )
  const channelId = opened.channel.id
  const webhookUrl = channelAddresses({ publicUrl, channelKey: opened.channel.key }).outgoing
  const answer = await front.createChannel({ inboxId, name: basics.name, webhookUrl })
  if (answer.kind === 'refused') {
    await dropUnfinishedChannel(db, { channelId, actor })
    throw new AppError('upstream_refused', answer.message)
  }
  const found = answer.kind === 'created' ? (answer.id ?? (await findNewChannel(db, creation, before))) : null
  if (found === null) return { ...opened, finished: false }
  const channel = await finishChannel(db, { channelId, frontChannelId: found, actor, now })
  return { ...opened, channel, finished: true }
}

/** Front may answer without a body (T24): the channel that is in the list now and was not before. */
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

// The channel exists by now: a list that fails must not look as if nothing had been made.
async function listQuietly(front: FrontChannels, inboxId: string): Promise<FrontChannel[]> {
  try {
    return await front.listInboxChannels(inboxId)
  } catch (error) {
    if (error instanceof AppError) return []
    throw error
  }
}
