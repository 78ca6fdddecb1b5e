import { asc, eq, lt } from 'drizzle-orm'
import type { Db } from '#db/client'
import { sandboxApps, sandboxCredentials, sandboxSignIns, sandboxTokenIds } from '#db/schema/sandbox-apps'

const MAX_APPS = 100

export type SandboxApp = typeof sandboxApps.$inferSelect
export type NewSandboxApp = typeof sandboxApps.$inferInsert
export type SandboxAppChange = Partial<Omit<NewSandboxApp, 'uid' | 'createdAt'>>
export type SandboxCredential = typeof sandboxCredentials.$inferSelect
export type SandboxSignIn = typeof sandboxSignIns.$inferSelect

export async function insertSandboxApp(db: Db, app: NewSandboxApp): Promise<SandboxApp> {
  const [row] = await db.insert(sandboxApps).values(app).returning()
  if (!row) throw new Error('The sandbox app was not stored')
  return row
}

/** Makes an app, or puts the secret and the server of one right. */
export async function putSandboxApp(db: Db, app: NewSandboxApp): Promise<void> {
  const { secretSealed, serverUrl } = app
  const set = { secretSealed, serverUrl, authMethod: app.authMethod, credentials: app.credentials }
  await db.insert(sandboxApps).values(app).onConflictDoUpdate({ target: sandboxApps.uid, set })
}

/** With its sealed secrets, for the sandbox's own logic. */
export async function findSandboxApp(db: Db, uid: string): Promise<SandboxApp | undefined> {
  const [row] = await db.select().from(sandboxApps).where(eq(sandboxApps.uid, uid)).limit(1)
  return row
}

/** For pages: no secrets. */
export async function listSandboxApps(db: Db) {
  const { uid, name, serverUrl, authMethod, credentials } = sandboxApps
  return db
    .select({ uid, name, serverUrl, authMethod, credentials })
    .from(sandboxApps)
    .orderBy(asc(sandboxApps.createdAt), asc(sandboxApps.uid))
    .limit(MAX_APPS)
}

/** False when there is no such app. */
export async function updateSandboxApp(db: Db, uid: string, change: SandboxAppChange): Promise<boolean> {
  const rows = await db
    .update(sandboxApps)
    .set(change)
    .where(eq(sandboxApps.uid, uid))
    .returning({ uid: sandboxApps.uid })
  return rows.length > 0
}

export async function insertSandboxCredential(
  db: Db,
  credential: typeof sandboxCredentials.$inferInsert,
): Promise<SandboxCredential> {
  const [row] = await db.insert(sandboxCredentials).values(credential).returning()
  if (!row) throw new Error('The sandbox credential was not stored')
  return row
}

export async function findSandboxCredential(db: Db, id: string): Promise<SandboxCredential | undefined> {
  const [row] = await db.select().from(sandboxCredentials).where(eq(sandboxCredentials.id, id)).limit(1)
  return row
}

export async function updateSandboxCredential(
  db: Db,
  id: string,
  change: Partial<Pick<SandboxCredential, 'sealed' | 'expiresAt' | 'owner'>>,
): Promise<void> {
  await db.update(sandboxCredentials).set(change).where(eq(sandboxCredentials.id, id))
}

/** Remembers who left to sign in, and forgets those who left before `forgetBefore`. */
export async function insertSandboxSignIn(
  db: Db,
  signIn: typeof sandboxSignIns.$inferInsert,
  forgetBefore: Date,
): Promise<void> {
  await db.delete(sandboxSignIns).where(lt(sandboxSignIns.createdAt, forgetBefore))
  await db.insert(sandboxSignIns).values(signIn)
}

/** A `state` is good once. */
export async function takeSandboxSignIn(db: Db, state: string): Promise<SandboxSignIn | undefined> {
  const [row] = await db.delete(sandboxSignIns).where(eq(sandboxSignIns.state, state)).returning()
  return row
}

/** Spends the id of a channel token. False when it was spent before. */
export async function spendSandboxTokenId(
  db: Db,
  { now, ...token }: typeof sandboxTokenIds.$inferInsert & { now: Date },
): Promise<boolean> {
  await db.delete(sandboxTokenIds).where(lt(sandboxTokenIds.expiresAt, now))
  const rows = await db
    .insert(sandboxTokenIds)
    .values(token)
    .onConflictDoNothing()
    .returning({ jti: sandboxTokenIds.jti })
  return rows.length > 0
}
