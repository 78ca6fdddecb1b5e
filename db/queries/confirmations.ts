import { and, eq, sql } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import { companies } from '#db/schema/companies'
import { confirmations } from '#db/schema/confirmations'
import { conversations, frontConversations } from '#db/schema/conversations'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'

export type DueConfirmation = {
  messageId: string
  channelId: string
  messageUid: string
  tries: number
  acceptedAt: Date
}

/**
 * Takes confirmations that are due, for half a minute: a worker that dies gives them back by itself. Companies that
 * Front asked to wait are left out.
 */
export async function takeDueConfirmations(db: Db, limit: number): Promise<DueConfirmation[]> {
  const rows = await db.execute<{
    message_id: string
    channel_id: string
    message_uid: string
    tries: number
    accepted_at: string | Date
  }>(sql`
    update confirmations c set tries = c.tries + 1, due_at = now() + interval '30 seconds'
    where c.message_id in (
      select d.message_id from confirmations d
      join channels ch on ch.id = d.channel_id join companies co on co.id = ch.company_id
      where d.due_at <= now() and (co.hold_until is null or co.hold_until <= now())
      order by d.due_at limit ${limit} for update of d skip locked)
    returning c.message_id, c.channel_id, c.message_uid, c.tries, c.accepted_at`)
  return rows.map((row) => ({
    messageId: row.message_id,
    channelId: row.channel_id,
    messageUid: row.message_uid,
    tries: row.tries,
    acceptedAt: new Date(row.accepted_at),
  }))
}

export async function postponeConfirmation(
  db: Db,
  { messageId, waitMs, error }: { messageId: string; waitMs: number; error: string },
): Promise<void> {
  await db
    .update(confirmations)
    .set({ dueAt: sql`now() + ${waitMs} * interval '1 ms'`, lastError: error })
    .where(eq(confirmations.messageId, messageId))
}

/** Writes down how many calls Front leaves a company, when it was last heard a while ago: pages show it, claims keep to it. */
export async function noteCallsLeft(
  db: Db,
  { companyId, limit, remaining }: { companyId: string; limit: number | null; remaining: number | null },
): Promise<void> {
  if (limit === null || remaining === null) return
  await db.execute(sql`select note_calls_left(${companyId}::uuid, ${Math.round(limit)}, ${Math.round(remaining)})`)
}

/** Takes one call out of a company's budget, its reserve included. Milliseconds to wait where there is none. */
export async function takeCall(db: Db, companyId: string): Promise<number> {
  const [row] = await db.execute<{ wait: number }>(sql`select take_call(${companyId}::uuid) as wait`)
  return Math.ceil(row?.wait ?? 0)
}

/** Front asked a company to wait: nothing more goes there before that. */
export async function holdCompany(
  db: Db,
  { companyId, waitMs, reason }: { companyId: string; waitMs: number; reason: string },
): Promise<void> {
  const until = sql`greatest(coalesce(${companies.holdUntil}, '-infinity'), now() + ${waitMs} * interval '1 ms')`
  await db.update(companies).set({ holdUntil: until, holdReason: reason }).where(eq(companies.id, companyId))
}

type Seen = { messageId: string; channelId: string; frontMessageId: string; frontConversationId: string | null }

/** Notes that Front has the message: its ids, the pairing of conversations, and no more looking. */
export async function confirmMessage(tx: Transaction, seen: Seen): Promise<void> {
  const [message] = await tx
    .update(messages)
    .set({
      frontState: 'confirmed',
      frontMessageId: seen.frontMessageId,
      frontConversationId: seen.frontConversationId,
      confirmedAt: sql`now()`,
    })
    .where(eq(messages.id, seen.messageId))
    .returning({ conversationId: messages.conversationId })
  await tx
    .insert(messageKeys)
    .values({ channelId: seen.channelId, kind: 'front', value: seen.frontMessageId, messageId: seen.messageId })
    .onConflictDoNothing()
  if (message && seen.frontConversationId) {
    await pairConversations(tx, {
      ...message,
      channelId: seen.channelId,
      frontConversationId: seen.frontConversationId,
    })
  }
  await tx.delete(confirmations).where(eq(confirmations.messageId, seen.messageId))
}

/**
 * Notes that one of Front's conversations is ours. A conversation of Front's that moved to another of ours follows;
 * replies that still wait in the old one come first all the same (`store_message`).
 */
export async function pairConversations(
  db: Db,
  pair: { channelId: string; conversationId: string; frontConversationId: string },
): Promise<void> {
  // Front's conversation first, as `store_message` locks them.
  await db
    .insert(frontConversations)
    .values(pair)
    .onConflictDoUpdate({
      target: [frontConversations.channelId, frontConversations.frontConversationId],
      set: { conversationId: pair.conversationId },
    })
  await db
    .update(conversations)
    .set({ frontConversationId: pair.frontConversationId })
    .where(
      and(
        eq(conversations.id, pair.conversationId),
        sql`${conversations.frontConversationId} is distinct from ${pair.frontConversationId}`,
      ),
    )
}

/** Gives up looking: Front accepted the message and never showed it. It stays visible as a problem. */
export async function markMessageMissing(tx: Transaction, messageId: string): Promise<void> {
  await tx.update(messages).set({ frontState: 'missing' }).where(eq(messages.id, messageId))
  await tx.delete(confirmations).where(eq(confirmations.messageId, messageId))
}
