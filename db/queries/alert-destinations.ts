import { asc, eq } from 'drizzle-orm'
import type { Db } from '#db/client'
import { alertDestinations } from '#db/schema/alerts'

export type AlertDestination = typeof alertDestinations.$inferSelect
export type NewAlertDestination = typeof alertDestinations.$inferInsert
export type AlertDestinationChange = Partial<Omit<NewAlertDestination, 'id' | 'kind' | 'createdBy' | 'createdAt'>>

const MAX_LISTED = 200

const listed = {
  id: alertDestinations.id,
  name: alertDestinations.name,
  kind: alertDestinations.kind,
  shown: alertDestinations.shown,
  alerts: alertDestinations.alerts,
  channelIds: alertDestinations.channelIds,
  failuresInARow: alertDestinations.failuresInARow,
  backlogMinutes: alertDestinations.backlogMinutes,
  missingCount: alertDestinations.missingCount,
  calmMinutes: alertDestinations.calmMinutes,
  quietFrom: alertDestinations.quietFrom,
  quietTo: alertDestinations.quietTo,
  quietZone: alertDestinations.quietZone,
  enabled: alertDestinations.enabled,
  createdBy: alertDestinations.createdBy,
  createdAt: alertDestinations.createdAt,
  updatedAt: alertDestinations.updatedAt,
}

export type ListedAlertDestination = Omit<AlertDestination, 'settingsSealed'>

/** Without what is sealed. */
export async function listAlertDestinations(
  db: Db,
  { enabledOnly = false }: { enabledOnly?: boolean } = {},
): Promise<ListedAlertDestination[]> {
  return db
    .select(listed)
    .from(alertDestinations)
    .where(enabledOnly ? eq(alertDestinations.enabled, true) : undefined)
    .orderBy(asc(alertDestinations.name), asc(alertDestinations.id))
    .limit(MAX_LISTED)
}

/** With what is sealed, for whoever delivers to it or edits it. */
export async function findAlertDestination(db: Db, id: string): Promise<AlertDestination | null> {
  const [row] = await db.select().from(alertDestinations).where(eq(alertDestinations.id, id)).limit(1)
  return row ?? null
}

/** The same, locked until the caller's transaction ends. */
export async function lockAlertDestination(db: Db, id: string): Promise<AlertDestination | null> {
  const [row] = await db.select().from(alertDestinations).where(eq(alertDestinations.id, id)).limit(1).for('update')
  return row ?? null
}

export async function insertAlertDestination(db: Db, row: NewAlertDestination): Promise<void> {
  await db.insert(alertDestinations).values(row)
}

export async function updateAlertDestination(
  db: Db,
  { id, change, now }: { id: string; change: AlertDestinationChange; now: Date },
): Promise<void> {
  await db
    .update(alertDestinations)
    .set({ ...change, updatedAt: now })
    .where(eq(alertDestinations.id, id))
}

export async function deleteAlertDestination(db: Db, id: string): Promise<void> {
  await db.delete(alertDestinations).where(eq(alertDestinations.id, id))
}
