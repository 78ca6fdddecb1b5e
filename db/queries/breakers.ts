import { and, desc, eq, sql } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import { newId } from '#db/ids'
import { breakerEvents } from '#db/schema/breaker-events'
import { type ChannelSide, targets } from '#db/schema/targets'

type Place = { channelId: string; direction: ChannelSide }

/** Lets everything through to a target whose breaker is open; false when it is not. Wakes the workers at commit. */
export async function closeBreaker(tx: Transaction, { channelId, direction, by }: Place & { by: string }) {
  const closed = await tx
    .update(targets)
    .set({
      breakerSince: null,
      breakerReason: null,
      breakerProbes: 0,
      targetFaults: 0,
      holdUntil: null,
      holdUntilReason: null,
    })
    .where(
      and(eq(targets.channelId, channelId), eq(targets.direction, direction), sql`${targets.breakerSince} is not null`),
    )
    .returning({ channelId: targets.channelId })
  if (closed.length === 0) return false
  await tx.insert(breakerEvents).values({ id: newId(), channelId, direction, kind: 'overridden', by })
  await tx.execute(sql`select pg_notify('patchbay_delivery', '')`)
  return true
}

/** When a channel's breakers opened and closed, newest first. */
export async function listBreakerEvents(db: Db, { channelId, limit = 20 }: { channelId: string; limit?: number }) {
  return db
    .select()
    .from(breakerEvents)
    .where(eq(breakerEvents.channelId, channelId))
    .orderBy(desc(breakerEvents.id))
    .limit(limit)
}
