import { and, eq, isNull } from 'drizzle-orm'
import type { Db } from '#db/client'
import { apps } from '#db/schema/apps'

export type App = typeof apps.$inferSelect
export type NewApp = typeof apps.$inferInsert

/** The whole row with its sealed secrets, for flows and delivery; archived apps included. */
export async function getApp(db: Db, id: string): Promise<App | null> {
  const [row] = await db.select().from(apps).where(eq(apps.id, id)).limit(1)
  return row ?? null
}

/** The app that a public URL names; null when there is none or it is archived. */
export async function getAppByKey(db: Db, key: string): Promise<App | null> {
  const [row] = await db
    .select()
    .from(apps)
    .where(and(eq(apps.key, key), isNull(apps.archivedAt)))
    .limit(1)
  return row ?? null
}

/** As `getApp`, and nobody else changes the row until the caller's transaction ends. */
export async function lockApp(db: Db, id: string): Promise<App | null> {
  const [row] = await db.select().from(apps).where(eq(apps.id, id)).limit(1).for('no key update')
  return row ?? null
}

/** Changes an app and its `updatedAt`. Null when it does not exist. */
export async function updateAppRow(
  db: Db,
  { id, now, change }: { id: string; now: Date; change: Partial<Omit<NewApp, 'id' | 'companyId' | 'createdAt'>> },
): Promise<App | null> {
  const [row] = await db
    .update(apps)
    .set({ ...change, updatedAt: now })
    .where(eq(apps.id, id))
    .returning()
  return row ?? null
}
