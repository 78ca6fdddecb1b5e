import { notFound } from 'next/navigation'
import { cache } from 'react'
import { z } from 'zod'
import { type ChannelView, getChannelView } from '#db/queries/channels'
import { listTargets, listWaiting, type Target, type Waiting } from '#db/queries/targets'
import { type ChannelHealth, channelHealth } from '#lib/channels/channel-status'
import { db } from '#lib/database'

export type LoadedChannel = {
  channel: ChannelView
  targets: Target[]
  waiting: Waiting[]
  health: ChannelHealth
  now: Date
}

/** A channel with the state of both its sides, read once per request; the not-found page when there is none. */
export const loadChannel = cache(async (id: string): Promise<LoadedChannel> => {
  const channel = z.uuid().safeParse(id).success ? await getChannelView(db(), id) : null
  if (!channel) notFound()
  const [targets, waiting] = await Promise.all([listTargets(db(), [id]), listWaiting(db(), [id])])
  const now = new Date()
  const blocked = waiting.reduce((sum, side) => sum + side.blocked, 0)
  return { channel, targets, waiting, health: channelHealth({ ...channel, targets, blocked }, now), now }
})

/** As `loadChannel`, and the not-found page for a custom channel. */
export async function loadApplicationChannel(id: string): Promise<LoadedChannel> {
  const loaded = await loadChannel(id)
  if (loaded.channel.kind !== 'application') notFound()
  return loaded
}
