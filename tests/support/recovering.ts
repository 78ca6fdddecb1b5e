import { eq, sql } from 'drizzle-orm'
import type { Database } from '#db/client'
import { type Claim, claimDeliveries } from '#db/queries/lanes'
import { getRecovery, type Recovery } from '#db/queries/recoveries'
import { settleDeliveries } from '#db/queries/settle'
import { type RecoveryItemState, recoveryItems } from '#db/schema/recoveries'
import { feedRecoveries } from '#lib/flows/feed-recoveries'
import { startRecovery } from '#lib/flows/start-recovery'
import { messageFilters } from '#lib/log-filters'
import { claim, settlement } from '#tests/support/engine'

export const actor = 'sam@example.com'
const HOUR_MS = 3_600_000

/** What a person would choose on the page, with a rate that stands in nobody's way. */
export function recovering(db: Database) {
  /** Moves on by an hour each time, so that a rate never waits for the test. */
  let now = Date.now()
  const step = (own = db) => {
    now += HOUR_MS
    return feedRecoveries(own, new Date(now))
  }
  const read = async (id: string): Promise<Recovery> => {
    const recovery = await getRecovery(db, id)
    if (!recovery) throw new Error('There is no such recovery.')
    return recovery
  }
  return {
    step,
    read,
    async start(filters: Record<string, string>, more: Partial<Parameters<typeof startRecovery>[1]> = {}) {
      const parsed = messageFilters.parse({ status: 'failed', ...filters })
      const chosen = { perMinute: 6000, way: 'today' as const, reason: null, actor }
      // A little later: what a test has just made is in the past.
      return startRecovery(db, { filters: parsed, ...chosen, now: new Date(Date.now() + 1000), ...more })
    },
    /** Steps until everything that the filter matches has been looked up. */
    async lookUp(id: string): Promise<void> {
      while ((await read(id)).status === 'queueing') await step()
    },
    async states(id: string): Promise<RecoveryItemState[]> {
      const rows = await db
        .select({ state: recoveryItems.state })
        .from(recoveryItems)
        .where(eq(recoveryItems.recoveryId, id))
        .orderBy(recoveryItems.deliveryId)
      return rows.map(({ state }) => state)
    },
    async notes(id: string): Promise<(string | null)[]> {
      const rows = await db
        .select({ note: recoveryItems.note })
        .from(recoveryItems)
        .where(eq(recoveryItems.recoveryId, id))
        .orderBy(recoveryItems.deliveryId)
      return rows.map(({ note }) => note)
    },
  }
}

/** Claims what is due, as much as a worker does, and settles it all the same way; what went, in the order in which it was claimed. */
export async function carryAll(db: Database, outcome: 'delivered' | 'failed' = 'delivered'): Promise<Claim[]> {
  const claims = await claim(db)
  const error = { advance: true }
  await settleDeliveries(
    db,
    claims.map((one) => settlement(one, outcome, outcome === 'failed' ? error : {})),
  )
  return claims
}

export const claimAll = (db: Database, token: string) => claimDeliveries(db, { token, batch: 500, leaseMs: 20_000 })

/** Many messages that failed, one to a conversation, or all in `talks` conversations in turn. */
export async function failMany(
  db: Database,
  channelId: string,
  count: number,
  { talks = count, direction = 'outbound' }: { talks?: number; direction?: 'inbound' | 'outbound' } = {},
): Promise<void> {
  await db.execute(sql`
    with talk as materialized (select gen_random_uuid() as id, n from generate_series(1, ${talks}::int) n),
    made as (insert into conversations (id, channel_id, key, contact_handle)
      select id, ${channelId}::uuid, 'many ' || id, 'many ' || n from talk),
    place as materialized (select uuid_v7() as id, t.id as conversation from generate_series(1, ${count}::int) k
      join talk t on t.n = 1 + (k - 1) % ${talks}::int),
    message as (
      insert into messages (id, channel_id, conversation_id, direction, contact_handle, body, body_format, body_text, raw, attachments, thread_reason)
      select id, ${channelId}::uuid, conversation, ${direction}, 'many', 'Hi', 'text', 'Hi', '{}', '[]', 'test' from place)
    insert into deliveries (id, channel_id, conversation_id, direction, status, attempts, ended_at)
    select id, ${channelId}::uuid, conversation, ${direction}, 'failed', 9, now() from place`)
}

/** A database whose transactions are lost right before they commit, as when the process is killed there. */
export function dying(db: Database): Database {
  const transaction: Database['transaction'] = (work, config) =>
    db.transaction(async (tx) => {
      await work(tx)
      throw new Error('killed before the commit')
    }, config)
  return new Proxy(db, { get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name)) })
}
