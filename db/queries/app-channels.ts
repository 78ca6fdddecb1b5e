import { and, asc, eq, gt, inArray, isNull, like, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import type { Channel } from '#db/queries/channels'
import { channels } from '#db/schema/channels'

/** Until the caller's transaction ends, nobody else connects a channel of this app. */
export async function lockConnecting(db: Db, appId: string): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`connect ${appId}`}, 0))`)
}

/** Channels in use that stand for one of Front's, whichever company or app they belong to. */
export async function listChannelsByFrontId(db: Db, frontChannelId: string): Promise<Channel[]> {
  return db
    .select()
    .from(channels)
    .where(and(eq(channels.frontChannelId, frontChannelId), isNull(channels.archivedAt)))
    .orderBy(asc(channels.id))
    .limit(10)
}

/**
 * Where a channel is found in `list_addresses`, and what introspection tells: what its connection says, else its key. Unique
 * within the app. Written out, since drizzle leaves table names away among the columns of a select from one table.
 */
export const channelAddress = sql<string>`coalesce(
  (select min(n.address) from connections n where n.channel_id = channels.id and n.revoked_at is null), channels.key)`

const PREPARED = like(channels.frontChannelId, 'unfinished:%')

/** A channel of the app that is prepared and not connected yet: one that the addresses name, or the oldest of all. */
export async function findPrepared(
  db: Db,
  { appId, addresses }: { appId: string; addresses?: string[] },
): Promise<Channel | null> {
  if (addresses?.length === 0) return null
  const named = addresses && inArray(channelAddress, addresses)
  const [row] = await db
    .select()
    .from(channels)
    .where(and(eq(channels.appId, appId), PREPARED, isNull(channels.archivedAt), named))
    .orderBy(asc(channels.id))
    .limit(1)
  return row ?? null
}

type Page = { appId: string; channelId: string | null; after: string | null; limit: number }

/** Addresses of an app's channels, prepared and connected, or of one of them alone. Keyset by id. */
export async function listAddresses(db: Db, { appId, channelId, after, limit }: Page) {
  return db
    .select({ id: channels.id, address: channelAddress, name: channels.name })
    .from(channels)
    .where(
      and(
        eq(channels.appId, appId),
        isNull(channels.archivedAt),
        channelId ? eq(channels.id, channelId) : undefined,
        after ? gt(channels.id, after) : undefined,
      ),
    )
    .orderBy(asc(channels.id))
    .limit(limit)
}
