import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import { attempts } from '#db/schema/attempts'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue, lanes } from '#db/schema/lanes'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'

/** So many of a contact's newest replies are looked at: providers that never give an id leave all without one. */
const LOOKED_AT = 200

type Named = { channelId: string; ownId: string | null; externalId: string | null }

/** The message of this channel that has our id, or else the id that the provider gave when it took a reply. */
export async function findCarried(db: Db, { channelId, ownId, externalId }: Named): Promise<string | null> {
  const [row] = await db.execute<{ id: string }>(sql`
    select m.id from (
      select ${ownId}::uuid as id, 0 as place
      union all select k.message_id, 1 from ${messageKeys} k
      where k.channel_id = ${channelId} and k.kind = 'provider_answer' and k.value = ${externalId}::text) named
    join ${messages} m on m.id = named.id
    where m.channel_id = ${channelId} order by named.place limit 1`)
  return row?.id ?? null
}

type Contact = { channelId: string; contactHandle: string; since: Date; now: Date }

/**
 * Replies to a contact that the provider may have by now and has given no id for: under way, tried, or delivered since a
 * moment. Oldest first.
 */
export async function listUnnamedReplies(db: Db, { channelId, contactHandle, since, now }: Contact) {
  const [from, until] = [since.toISOString(), now.toISOString()]
  return db.execute<{ id: string; text: string }>(sql`
    select m.id, m.body_text as text from (
      select id, body_text from ${messages}
      where channel_id = ${channelId} and contact_handle = ${contactHandle} and direction = 'outbound'
        and external_id is null and not is_test
      order by id desc limit ${LOOKED_AT}) m
    join ${deliveries} d on d.id = m.id
    where (d.status = 'delivered' and d.ended_at >= ${from}::timestamptz)
      or (d.status in ('pending', 'retrying') and (
        exists (select 1 from ${laneQueue} q join ${lanes} l on l.id = q.lane_id and l.head_seq = q.seq
                where q.delivery_id = m.id and l.lease is not null and l.due_at > ${until}::timestamptz)
        or exists (select 1 from ${attempts} a where a.delivery_id = m.id and a.id >= m.id
                   and a.started_at >= ${from}::timestamptz)))
    order by m.id`)
}

type Learned = { channelId: string; messageId: string; externalId: string }

/** The provider's id of a reply, which its answer has not told, or not yet. A no-op where the reply has one already. */
export async function learnExternalId(tx: Transaction, { channelId, messageId, externalId }: Learned): Promise<void> {
  const unnamed = and(eq(messages.id, messageId), eq(messages.direction, 'outbound'), isNull(messages.externalId))
  const named = await tx.update(messages).set({ externalId }).where(unnamed).returning({ id: messages.id })
  if (named.length === 0) return
  const key = { channelId, kind: 'provider_answer' as const, value: externalId, messageId }
  await tx.insert(messageKeys).values(key).onConflictDoNothing()
}
