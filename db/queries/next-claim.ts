import { sql } from 'drizzle-orm'
import type { Db } from '#db/client'

/**
 * Milliseconds until a delivery may be claimed, pauses and rate limits counted in: 0 or less when one may now, null when
 * none waits for a time. What a held channel keeps is left out.
 */
export async function msUntilClaimable(db: Db): Promise<number | null> {
  const [row] = await db.execute<{ ms: number | null }>(sql`
    select (extract(epoch from min(greatest(due.due_at, tg.hold_until, co.hold_until,
      tg.tat + rate.every - rate.every * rate.burst,
      co.calls_tat + co.calls_every - co.calls_every * (co.calls_burst - calls_reserve(co.calls_burst)))) - now()) * 1000)::float8 as ms
    from targets tg
    join channels ch on ch.id = tg.channel_id
    cross join target_rate(tg, ch.held_per_minute) rate
    left join companies co on co.id = ch.company_id and tg.direction in ('inbound', 'report')
    cross join lateral (
      select l.due_at from lanes l
      where l.channel_id = tg.channel_id and l.direction = tg.direction and l.due_at is not null
      order by l.due_at limit 1) due
    where tg.held_since is null`)
  return row?.ms ?? null
}
