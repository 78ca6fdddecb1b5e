import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { listWaiting } from '#db/queries/targets'
import { channels } from '#db/schema/channels'
import { type Direction, targets } from '#db/schema/targets'

export type AlertFacts = Awaited<ReturnType<typeof loadAlertFacts>> extends Map<string, infer F> ? F : never

/** What an alert says of its channel, by channel id. Asked only when something is told. */
export async function loadAlertFacts(db: Db, channelIds: string[]) {
  const rows = await db
    .select({ channel: channels, target: targets })
    .from(channels)
    .leftJoin(targets, and(eq(targets.channelId, channels.id), inArray(targets.direction, ['inbound', 'outbound'])))
    .where(inArray(channels.id, channelIds))
  const waiting = await listWaiting(db, channelIds)
  return new Map(
    channelIds.flatMap((channelId) => {
      const own = rows.filter(({ channel }) => channel.id === channelId)
      const channel = own[0]?.channel
      if (!channel) return []
      const sides = waiting.filter((one) => one.channelId === channelId && one.direction !== 'report')
      const oldest = sides.flatMap(({ oldestAt }) => (oldestAt ? [oldestAt.getTime()] : []))
      const facts = {
        channel,
        targets: own.flatMap(({ target }) => (target ? [target] : [])),
        waiting: sides.reduce((sum, { count }) => sum + count, 0),
        oldestWaitingAt: oldest.length > 0 ? new Date(Math.min(...oldest)) : null,
      }
      return [[channelId, facts] as const]
    }),
  )
}

/** How the newest failed attempts of a side were classed: looked for among what waits next, then in the newest log. */
export async function findErrorClass(
  db: Db,
  { channelId, direction }: { channelId: string; direction: Direction },
): Promise<string | null> {
  const [row] = await db.execute<{ class: string }>(sql`
    select x.last_error_class as class from (
      (select d.id, d.last_error_class from lanes l
        join lane_queue q on q.lane_id = l.id and q.seq = l.head_seq
        join deliveries d on d.id = q.delivery_id
        where l.channel_id = ${channelId} and l.direction = ${direction} and l.due_at is not null
        order by l.due_at desc limit 20)
      union all
      (select n.id, n.last_error_class from (
        select d.id, d.direction, d.last_error_class from deliveries d where d.channel_id = ${channelId}
        order by d.id desc limit 100) n where n.direction = ${direction})) x
    where x.last_error_class is not null order by x.id desc limit 1`)
  return row?.class ?? null
}
