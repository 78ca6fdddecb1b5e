import { Archive, Plus } from 'lucide-react'
import { listChannels } from '#db/queries/channels'
import { listTargets, listWaiting } from '#db/queries/targets'
import { channelHealth } from '#lib/channels/channel-status'
import { db } from '#lib/database'
import { ButtonLink } from '#ui/button'
import { EmptyState } from '#ui/states'
import { type ChannelRow, ChannelTable } from './channel-table'

/** The list itself, apart from its page so that the page's head shows at once. */
export async function ChannelList({ archived, canConnect }: { archived: boolean; canConnect: boolean }) {
  const rows = await readRows(archived)
  if (rows.length > 0) return <ChannelTable rows={rows} now={new Date()} />
  if (archived) {
    return (
      <EmptyState title="No archived channels" icon={Archive}>
        A channel that is taken out of use comes here. Its log stays readable.
      </EmptyState>
    )
  }
  const connect = (
    <ButtonLink href="/channels/new" variant="primary" icon={Plus}>
      Connect a channel
    </ButtonLink>
  )
  return (
    <EmptyState title="No channels yet" action={canConnect && connect}>
      {canConnect
        ? 'Create a channel in Front from here, or connect one that you made there by hand. It takes a few minutes.'
        : 'An admin can connect the first one.'}
    </EmptyState>
  )
}

async function readRows(archived: boolean): Promise<ChannelRow[]> {
  const channels = await listChannels(db(), { archived })
  const ids = channels.map((channel) => channel.id)
  const [targets, waiting] = await Promise.all([listTargets(db(), ids), listWaiting(db(), ids)])
  const now = new Date()
  return channels.map((channel) => {
    const sides = targets.filter((target) => target.channelId === channel.id)
    const queues = waiting.filter((each) => each.channelId === channel.id)
    const blocked = queues.reduce((sum, each) => sum + each.blocked, 0)
    return { channel, sides, queues, health: channelHealth({ ...channel, targets: sides, blocked }, now) }
  })
}
