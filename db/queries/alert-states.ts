import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Transaction } from '#db/client'
import { alertStates } from '#db/schema/alerts'
import { channels } from '#db/schema/channels'
import { lanes } from '#db/schema/lanes'

export type AlertStateRow = typeof alertStates.$inferSelect
type Place = Pick<AlertStateRow, 'destinationId' | 'channelId' | 'kind'>

/** Whether this transaction alone watches. Another one that does so already needs no help. */
export async function takeWatch(tx: Transaction): Promise<boolean> {
  const [row] = await tx.execute<{ taken: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtext('patchbay alerts')) as taken`,
  )
  return row?.taken ?? false
}

/** All that destinations know of trouble: a row for each that there is or was lately. Archived channels are none of it. */
export async function listAlertStates(tx: Transaction): Promise<AlertStateRow[]> {
  const archived = tx.select({ id: channels.id }).from(channels).where(isNotNull(channels.archivedAt))
  await tx.delete(alertStates).where(inArray(alertStates.channelId, archived))
  return tx.select().from(alertStates)
}

export async function saveAlertStates(tx: Transaction, rows: AlertStateRow[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insert(alertStates)
    .values(rows)
    .onConflictDoUpdate({
      target: [alertStates.destinationId, alertStates.channelId, alertStates.kind],
      set: {
        beganAt: sql`excluded.began_at`,
        toldAt: sql`excluded.told_at`,
        calmSince: sql`excluded.calm_since`,
        endedAt: sql`excluded.ended_at`,
        heldBack: sql`excluded.held_back`,
      },
    })
}

export async function deleteAlertStates(tx: Transaction, places: Place[]): Promise<void> {
  for (const { destinationId, channelId, kind } of places) {
    await tx
      .delete(alertStates)
      .where(
        and(
          eq(alertStates.destinationId, destinationId),
          eq(alertStates.channelId, channelId),
          eq(alertStates.kind, kind),
        ),
      )
  }
}

/** What a destination that is switched off knew: switched on again, it begins anew. */
export async function forgetAlertStates(tx: Transaction, destinationId: string): Promise<void> {
  await tx.delete(alertStates).where(eq(alertStates.destinationId, destinationId))
}

/** Locks the lanes that alerts will wait in, in the order in which settlements lock theirs. */
export async function lockLanes(tx: Transaction, conversationIds: string[]): Promise<void> {
  if (conversationIds.length === 0) return
  await tx
    .select({ id: lanes.id })
    .from(lanes)
    .where(and(inArray(lanes.conversationId, conversationIds), eq(lanes.direction, 'alert')))
    .orderBy(lanes.id)
    .for('update')
}
