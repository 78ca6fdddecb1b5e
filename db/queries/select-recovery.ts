import { type SQL, sql } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import { type LogFilter, pageStatement, sourceStatements } from '#db/queries/message-log'
import { OPEN_ITEM } from '#db/schema/recoveries'
import type { Direction } from '#db/schema/targets'

/** Stands for "all": the statements of the log are limited. */
const NO_LIMIT = 2_000_000_000

/** `unsure`: an earlier attempt's answer was lost, so they may have arrived. */
export type RecoverableCount = { channelId: string; direction: Direction; count: number; unsure: number }

/** What a filter matches and no recovery has yet, counted by target. Costs what it matches. */
export async function countRecoverable(db: Db, filter: LogFilter): Promise<RecoverableCount[]> {
  const found = await matching(db, filter, NO_LIMIT)
  if (!found) return []
  const rows = await db.execute<{ channel_id: string; direction: Direction; count: number; unsure: number }>(sql`
    with found as materialized (${found})
    select d.channel_id, d.direction, count(*)::int as count,
      (count(*) filter (where d.answer_lost or d.status = 'delivered'))::int as unsure from found
    cross join lateral (select channel_id, direction, status, answer_lost from deliveries where id = found.id limit 1) d
    where not exists (select 1 from recovery_items o where o.delivery_id = found.id and o.state in ${OPEN_ITEM})
    group by 1, 2 order by 1, 2`)
  return rows.map(({ channel_id: channelId, ...row }) => ({ channelId, ...row }))
}

/** How many messages a filter matches, counted up to `most`. */
export async function countMatching(db: Db, filter: LogFilter, most: number): Promise<number> {
  const found = await matching(db, filter, most)
  if (!found) return 0
  const [row] = await db.execute<{ count: number }>(sql`select count(*)::int as count from (${found}) found`)
  return row?.count ?? 0
}

type Chunk = { recoveryId: string; filter: LogFilter; cursor: string | null; limit: number }

/**
 * Takes the next `limit` messages of a filter into a recovery, oldest first. What another recovery has already is left
 * to that one. Null as `cursor` when there are no more.
 */
export async function selectChunk(tx: Transaction, { recoveryId, filter, cursor, limit }: Chunk) {
  // Two recoveries that begin at once must not both take a message, nor count one that the other took.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('patchbay recoveries'))`)
  // The first id counts: nothing is before it. `after` also says "oldest first".
  const found = await matching(tx, { ...filter, after: cursor ?? FIRST }, limit)
  if (!found) return { added: 0, cursor: null }
  const [row] = await tx.execute<{ added: number; seen: number; last: string | null }>(sql`
    with found as materialized (${found}),
    fresh as materialized (
      select found.id, d.channel_id, d.conversation_id, d.direction from found
      cross join lateral (select channel_id, conversation_id, direction from deliveries where id = found.id limit 1) d
      where not exists (select 1 from recovery_items o where o.delivery_id = found.id and o.state in ${OPEN_ITEM})),
    made as (
      insert into recovery_items (recovery_id, delivery_id, channel_id, conversation_id, direction, state)
      select ${recoveryId}::uuid, f.id, f.channel_id, f.conversation_id, f.direction,
        case when row_number() over (partition by f.conversation_id, f.direction order by f.id) > 1
          or exists (select 1 from recovery_items b where b.recovery_id = ${recoveryId}::uuid and b.conversation_id = f.conversation_id
                       and b.direction = f.direction and b.state in ('waiting', 'sending', 'retrying'))
          then 'behind' else 'waiting' end
      from fresh f order by f.id),
    target as (
      insert into recovery_targets as t (recovery_id, channel_id, direction, total)
      select ${recoveryId}::uuid, channel_id, direction, count(*) from fresh group by channel_id, direction
      on conflict (recovery_id, channel_id, direction) do update set total = t.total + excluded.total)
    select (select count(*)::int from fresh) as added, (select count(*)::int from found) as seen,
      (select id from found order by id desc limit 1) as last`)
  if (!row) return { added: 0, cursor: null }
  return { added: row.added, cursor: row.seen < limit ? null : row.last }
}

/**
 * Until the transaction ends: the log is far larger than what is looked up in it, and statistics are always behind. Left to
 * them, joins were planned as hashes over it, and single messages sought from end to end.
 */
export async function planByIndex(tx: Transaction): Promise<void> {
  await tx.execute(sql`
    select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
      set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`)
}

/** After so many rows at once the planner would take the table for a small one and read all of a recovery for each item. */
export async function analyzeItems(tx: Transaction): Promise<void> {
  await tx.execute(sql`analyze recovery_items`)
}

const FIRST = '00000000-0000-0000-0000-000000000000'

/** The ids that a filter matches, in the log's order for it; null when its search cannot match. */
async function matching(db: Db, filter: LogFilter, limit: number): Promise<SQL | null> {
  const { statements } = await sourceStatements(db, filter, limit)
  return statements.length === 0 ? null : pageStatement(statements, filter, limit)
}
