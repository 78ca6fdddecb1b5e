import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import { deliveries } from '#db/schema/deliveries'
import { lanes } from '#db/schema/lanes'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'

type Named = { channelId: string; ownId: string | null; externalId: string | null }

/**
 * The message to a customer of which a provider tells what became: by our id, by the id that it gave when it took it, or
 * by its own id of one that it sent itself.
 */
export async function findSpokenOf(db: Db, { channelId, ownId, externalId }: Named) {
  const named = sql`(
    select ${ownId}::uuid as id, 0 as place
    union all select k.message_id, case k.kind when 'provider_answer' then 1 else 2 end from ${messageKeys} k
    where k.channel_id = ${channelId} and k.kind in ('provider_answer', 'provider') and k.value = ${externalId}::text)`
  const [row] = await db
    .select({
      id: messages.id,
      conversationId: messages.conversationId,
      direction: messages.direction,
      reference: messages.reference,
      bodyText: messages.bodyText,
      isTest: messages.isTest,
    })
    .from(messages)
    .innerJoin(sql`${named} named`, sql`named.id = ${messages.id}`)
    .where(
      and(
        eq(messages.channelId, channelId),
        sql`(${messages.direction} = 'outbound' or ${messages.kind} = 'sent_elsewhere')`,
      ),
    )
    .orderBy(sql`named.place`)
    .limit(1)
  return row ?? null
}

export type SpokenOf = NonNullable<Awaited<ReturnType<typeof findSpokenOf>>>

/** All lanes of a conversation in the order in which settlements take them. */
export async function lockLanes(tx: Transaction, conversationId: string): Promise<void> {
  await tx
    .select({ id: lanes.id })
    .from(lanes)
    .where(eq(lanes.conversationId, conversationId))
    .orderBy(asc(lanes.id))
    .for('update')
}

type Ended = {
  status: 'delivered' | 'failed'
  lastErrorClass: string | null
  lastError: string | null
  now: Date
}

/** A delivery has ended as the provider says, whatever it was before. */
export async function endDelivery(tx: Transaction, id: string, { now, ...outcome }: Ended): Promise<void> {
  const ended = { ...outcome, endedAt: now, nextAttemptAt: null, answerLost: false, requestedBy: null }
  await tx.update(deliveries).set(ended).where(eq(deliveries.id, id))
}

/** Whether Front has been told that it failed. */
export async function noteReported(tx: Transaction, id: string, reportedAt: Date | null): Promise<void> {
  await tx.update(deliveries).set({ reportedAt }).where(eq(deliveries.id, id))
}
