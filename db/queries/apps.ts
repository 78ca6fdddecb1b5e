import { eq } from 'drizzle-orm'
import type { Db } from '#db/client'
import { apps } from '#db/schema/apps'

export type App = typeof apps.$inferSelect
export type NewApp = typeof apps.$inferInsert

/** The whole row with its sealed secrets, for flows and delivery; archived apps included. */
export async function getApp(db: Db, id: string): Promise<App | null> {
  const [row] = await db.select().from(apps).where(eq(apps.id, id)).limit(1)
  return row ?? null
}

/** As `getApp`, and nobody else changes the row until the caller's transaction ends. */
export async function lockApp(db: Db, id: string): Promise<App | null> {
  const [row] = await db.select().from(apps).where(eq(apps.id, id)).limit(1).for('no key update')
  return row ?? null
}
