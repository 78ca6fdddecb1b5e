import { and, asc, eq, getTableColumns, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { apps } from '#db/schema/apps'
import { companies } from '#db/schema/companies'

export type App = typeof apps.$inferSelect
export type NewApp = typeof apps.$inferInsert
/** An app as pages may see it: without its sealed secrets and without the hash of the OAuth client secret. */
export type AppView = Awaited<ReturnType<typeof listApps>>[number]

const MAX_APPS = 500

const {
  secretSealed: _current,
  previousSecretSealed: _previous,
  oauthClientSecretHash: _hash,
  ...plainColumns
} = getTableColumns(apps)

const viewColumns = {
  ...plainColumns,
  companyName: companies.name,
  isSandbox: companies.isSandbox,
  hasPreviousSecret: sql<boolean>`${apps.previousSecretSealed} is not null`,
  hasOauthClientSecret: sql<boolean>`${apps.oauthClientSecretHash} is not null`,
  liveChannels: sql<number>`(select count(*)::int from channels c where c.app_id = ${apps.id} and c.archived_at is null)`,
  liveConnections: sql<number>`(select count(*)::int from connections n where n.app_id = ${apps.id} and n.revoked_at is null)`,
}

/** Apps by name, at most 500. Archived ones only when asked for. */
export async function listApps(db: Db, { archived = false }: { archived?: boolean } = {}) {
  return db
    .select(viewColumns)
    .from(apps)
    .innerJoin(companies, eq(companies.id, apps.companyId))
    .where(archived ? isNotNull(apps.archivedAt) : isNull(apps.archivedAt))
    .orderBy(asc(apps.name), asc(apps.id))
    .limit(MAX_APPS)
}

/** An app for a page, archived or not. */
export async function getAppView(db: Db, id: string): Promise<AppView | null> {
  const [row] = await db
    .select(viewColumns)
    .from(apps)
    .innerJoin(companies, eq(companies.id, apps.companyId))
    .where(eq(apps.id, id))
    .limit(1)
  return row ?? null
}

/** An app in use that has this UID in this company. */
export async function findAppByUid(
  db: Db,
  { companyId, uid }: { companyId: string; uid: string },
): Promise<App | null> {
  const [row] = await db
    .select()
    .from(apps)
    .where(and(eq(apps.companyId, companyId), eq(apps.uid, uid), isNull(apps.archivedAt)))
    .limit(1)
  return row ?? null
}

export async function insertApp(db: Db, app: NewApp): Promise<App> {
  const [row] = await db.insert(apps).values(app).returning()
  if (!row) throw new Error('The database did not return the new app.')
  return row
}

/** Changes an app and its `updatedAt`. Null when it does not exist. */
export async function updateAppRow(
  db: Db,
  {
    id,
    now,
    change,
  }: { id: string; now: Date; change: Partial<Omit<NewApp, 'id' | 'companyId' | 'key' | 'createdAt'>> },
): Promise<App | null> {
  const [row] = await db
    .update(apps)
    .set({ ...change, updatedAt: now })
    .where(eq(apps.id, id))
    .returning()
  return row ?? null
}

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

/** Notes when Front last called for an app, and which signature variant it used. */
export async function noteAppSeen(
  db: Db,
  { appId, signatureVariant, now }: { appId: string; signatureVariant: string; now: Date },
): Promise<void> {
  await db.update(apps).set({ signatureVariant, lastSeenAt: now }).where(eq(apps.id, appId))
}
