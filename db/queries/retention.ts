import { and, asc, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Database, Transaction } from '#db/client'
import { firstIdAt } from '#db/ids'
import { attempts } from '#db/schema/attempts'
import { channels } from '#db/schema/channels'
import { confirmations } from '#db/schema/confirmations'
import { deliveries } from '#db/schema/deliveries'
import { files } from '#db/schema/files'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'
import { reports } from '#db/schema/reports'
import { requests } from '#db/schema/requests'

const MAX_CHANNELS = 100_000

/** Channels whose log is not kept for ever, archived ones included. */
export async function listRetentions(db: Database): Promise<{ channelId: string; days: number }[]> {
  const rows = await db
    .select({ channelId: channels.id, days: channels.retentionDays })
    .from(channels)
    .where(isNotNull(channels.retentionDays))
    .orderBy(asc(channels.id))
    .limit(MAX_CHANNELS)
  return rows.flatMap(({ channelId, days }) => (days === null ? [] : [{ channelId, days }]))
}

/** Whether any channel keeps its log for ever. */
export async function keepsForEver(db: Database): Promise<boolean> {
  const [row] = await db.select({ id: channels.id }).from(channels).where(isNull(channels.retentionDays)).limit(1)
  return row !== undefined
}

type Old = { channelId: string; before: Date; limit: number }

/**
 * Deletes the oldest of a channel's log: messages and reports that have ended, with their attempts, files and ids, and
 * refused calls. What still waits stays, however old it is. Returns how many deliveries went, `limit` at most.
 */
export async function deleteOldLog(db: Database, { channelId, before, limit }: Old): Promise<number> {
  const end = firstIdAt(before)
  return db.transaction(async (tx) => {
    const old = await tx.execute<{ id: string }>(sql`
      select d.id from deliveries d where d.channel_id = ${channelId} and d.id < ${end}::uuid
        and not exists (select 1 from lane_queue q where q.delivery_id = d.id)
      order by d.id limit ${limit} for update of d skip locked`)
    const ids = old.map(({ id }) => id)
    if (ids.length > 0) await deleteDeliveries(tx, ids)
    await deleteRequests(tx, sql`channel_id = ${channelId}`, { end, limit })
    return ids.length
  })
}

/** Deletes refused calls that belong to no channel. */
export async function deleteOldAppCalls(db: Database, { before, limit }: Omit<Old, 'channelId'>): Promise<void> {
  await db.transaction((tx) => deleteRequests(tx, sql`channel_id is null`, { end: firstIdAt(before), limit }))
}

/** Deletes what stood for the ids of auto-replies, which Front no longer posts again. */
export async function deleteOldAutoreplyKeys(db: Database, before: Date): Promise<void> {
  await db.delete(messageKeys).where(and(eq(messageKeys.kind, 'front_autoreply'), lt(messageKeys.createdAt, before)))
}

async function deleteDeliveries(tx: Transaction, ids: string[]): Promise<void> {
  await deleteKeys(tx, inArray(messages.id, ids))
  await tx.delete(attempts).where(and(inArray(attempts.deliveryId, ids), sql`${attempts.id} >= ${ids[0]}::uuid`))
  await tx.delete(files).where(inArray(files.messageId, ids))
  await tx.delete(confirmations).where(inArray(confirmations.messageId, ids))
  await tx.delete(reports).where(inArray(reports.id, ids))
  await tx.delete(messages).where(inArray(messages.id, ids))
  await tx.delete(deliveries).where(inArray(deliveries.id, ids))
}

/** A message's ids end with it: found through its own columns, since the ids are no index of messages. */
async function deleteKeys(tx: Transaction, which: ReturnType<typeof sql> | ReturnType<typeof inArray>): Promise<void> {
  await tx.execute(sql`
    delete from message_keys k using (
      select ${messages.channelId} as channel_id, ${messages.id} as id, v.kind, v.value
      from ${messages}, lateral (values ('provider', ${messages.externalId}), ('provider_answer', ${messages.externalId}),
        ('uid', ${messages.messageUid}), ('front', ${messages.frontMessageId})) v(kind, value)
      where v.value is not null and ${which}) old
    where k.channel_id = old.channel_id and k.kind = old.kind and k.value = old.value and k.message_id = old.id`)
}

async function deleteRequests(
  tx: Transaction,
  which: ReturnType<typeof sql>,
  { end, limit }: { end: string; limit: number },
) {
  const old = sql`select id from requests where ${which} and id < ${end}::uuid order by id limit ${limit}`
  await tx.delete(requests).where(sql`${requests.id} in (${old})`)
}

/** A month of the log, as `2026_01`, with the first id that it may hold and the first that it may not. */
type Month = { month: string; start: string; end: string }

/** Months that end before a moment, oldest first, by the partitions that are there. */
export async function listOldMonths(db: Database, before: Date): Promise<Month[]> {
  const rows = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'messages'::regclass and c.relname ~ '^messages_[0-9]{4}_[0-9]{2}$' order by 1`)
  return rows.flatMap(({ name }) => {
    const month = name.slice('messages_'.length)
    const [year = 0, number = 0] = month.split('_').map(Number)
    const end = new Date(Date.UTC(year, number, 1))
    const start = new Date(Date.UTC(year, number - 1, 1))
    return end <= before ? [{ month, start: firstIdAt(start), end: firstIdAt(end) }] : []
  })
}

const LOG_TABLES = ['attempts', 'files', 'requests', 'reports', 'messages', 'deliveries'] as const

/**
 * Drops a month of the log as a whole, which costs next to nothing. False when something of it still waits, or when
 * somebody reads it just now: another time will come.
 */
export async function dropMonth(db: Database, { month, start, end }: Month): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local lock_timeout = '2s'`)
    const [waiting] = await tx.execute(
      sql`select 1 from lane_queue where delivery_id >= ${start}::uuid and delivery_id < ${end}::uuid limit 1`,
    )
    if (waiting) return false
    await deleteKeys(tx, sql`${messages.id} >= ${start}::uuid and ${messages.id} < ${end}::uuid`)
    for (const table of LOG_TABLES) await tx.execute(sql`drop table if exists ${sql.identifier(`${table}_${month}`)}`)
    return true
  })
}
