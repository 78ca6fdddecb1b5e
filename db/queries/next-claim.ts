import { sql } from 'drizzle-orm'
import type { Db } from '#db/client'

/**
 * Milliseconds until a delivery may be claimed, pauses and rate limits counted in: 0 or less when one may now, null when
 * none waits for a time. What a held channel keeps is left out.
 */
export async function msUntilClaimable(db: Db): Promise<number | null> {
  const [row] = await db.execute<{ ms: number | null }>(sql`
    select (extract(epoch from min(greatest(w.due_at, tg.hold_until, co.hold_until,
      tg.tat + rate.every - rate.every * rate.burst,
      co.calls_tat + co.calls_every - co.calls_every * (co.calls_burst - calls_reserve(co.calls_burst)))) - now()) * 1000)::float8 as ms
    from waiting_targets() w
    cross join lateral (
      select t as target, t.* from targets t where t.channel_id = w.channel_id and t.direction = w.direction limit 1) tg
    cross join lateral (select company_id, held_per_minute from channels where id = w.channel_id limit 1) ch
    cross join target_rate(tg.target, ch.held_per_minute) rate
    left join lateral (
      select * from companies where id = ch.company_id and w.direction in ('inbound', 'report') limit 1) co on true
    where tg.held_since is null`)
  return row?.ms ?? null
}
