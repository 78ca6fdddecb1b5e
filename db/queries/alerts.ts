import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { Db, Transaction } from '#db/client'
import { markDiscarded } from '#db/queries/decide-delivery'
import { makeLaneDue } from '#db/queries/lanes'
import { enqueueReport, laneKey, reportColumns, reportLane } from '#db/queries/reports'
import { channels } from '#db/schema/channels'
import { deliveries } from '#db/schema/deliveries'
import { reports } from '#db/schema/reports'

export type NewAlert = {
  destinationId: string
  channelId: string
  event: unknown
  /** Who pressed the test button; null for what the watcher tells. */
  createdBy: string | null
}

/** The lane of what one destination is told about a channel, made at need. Tests have their own: they never wait. */
export function alertLane(
  tx: Transaction,
  { destinationId, channelId, isTest }: { destinationId: string; channelId: string; isTest: boolean },
): Promise<string> {
  return reportLane(tx, { channelId, kind: 'alert', key: `${destinationId}${isTest ? ' test' : ''}` })
}

type GivenUp = { destinationId: string; by: string; reason: string; now: Date; onlyTests?: boolean }

/** Gives up what a destination was not told: it asks for no attention any more, and its lane steps over what waits. */
export async function discardAlerts(
  tx: Transaction,
  { destinationId, by, reason, now, onlyTests = false }: GivenUp,
): Promise<void> {
  const untold = await tx
    .select({ id: deliveries.id })
    .from(reports)
    .innerJoin(deliveries, eq(deliveries.id, reports.id))
    .where(
      and(
        eq(reports.subjectId, destinationId),
        eq(reports.kind, 'alert'),
        inArray(deliveries.status, onlyTests ? ['failed'] : ['pending', 'retrying', 'failed']),
        onlyTests ? sql`${reports.payload}->>'type' = 'alert.test'` : undefined,
      ),
    )
    .orderBy(reports.id)
  if (untold.length > 0) await markDiscarded(tx, { ids: untold.map(({ id }) => id), by, reason, now })
}

/** What waits for a destination is tried at once: its address was mended. */
export async function hurryAlerts(tx: Transaction, destinationId: string): Promise<void> {
  const lanes = await tx.execute<{ id: string }>(sql`
    select l.id from channels c
    join conversations v on v.channel_id = c.id and v.key = ${laneKey('alert', destinationId)}
    join lanes l on l.conversation_id = v.id and l.direction = 'alert'
    where l.due_at is not null and l.lease is null
    order by l.id for update of l`)
  for (const { id } of lanes) await makeLaneDue(tx, Number(id))
}

/** Stores an alert and puts it in its lane, in the caller's transaction. Wake the workers after the commit. */
export async function enqueueAlert(tx: Transaction, conversationId: string, alert: NewAlert): Promise<string> {
  const { destinationId, channelId, event, createdBy } = alert
  return enqueueReport(tx, {
    channelId,
    conversationId,
    kind: 'alert',
    subjectId: destinationId,
    payload: event,
    createdBy,
  })
}

function selectAlerts(db: Db) {
  return db
    .select({
      ...reportColumns,
      destinationId: reports.subjectId,
      channelId: reports.channelId,
      channelName: channels.name,
    })
    .from(reports)
    .innerJoin(deliveries, eq(deliveries.id, reports.id))
    .innerJoin(channels, eq(channels.id, reports.channelId))
}

export async function findAlert(db: Db, id: string): Promise<ListedAlert | null> {
  const [row] = await selectAlerts(db)
    .where(and(eq(reports.id, id), eq(reports.kind, 'alert')))
    .limit(1)
  return row ?? null
}

/** The newest alerts of some destinations, with how telling them went. */
export async function listAlerts(db: Db, { destinationIds, limit = 30 }: { destinationIds: string[]; limit?: number }) {
  if (destinationIds.length === 0) return []
  return selectAlerts(db)
    .where(and(inArray(reports.subjectId, destinationIds), eq(reports.kind, 'alert')))
    .orderBy(desc(reports.id))
    .limit(limit)
}

export type ListedAlert = Awaited<ReturnType<typeof listAlerts>>[number]
