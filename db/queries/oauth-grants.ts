import { and, asc, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { type Connection, getConnection } from '#db/queries/connections'
import { connections } from '#db/schema/connections'

const MOST_ACCOUNTS = 100

const GOOD = and(eq(connections.kind, 'oauth'), isNull(connections.revokedAt))

/** A channel's connection by OAuth that is still good: signing in again goes on with it. */
export async function findChannelGrant(db: Db, channelId: string): Promise<Connection | null> {
  const [row] = await db
    .select()
    .from(connections)
    .where(and(eq(connections.channelId, channelId), GOOD))
    .orderBy(asc(connections.id))
    .limit(1)
  return row ?? null
}

/** A sign-in for a new channel of that address which never became one: the person is trying again. */
export async function findUnusedGrant(
  db: Db,
  { appId, address }: { appId: string; address: string },
): Promise<Connection | null> {
  const isUnused = and(eq(connections.appId, appId), isNull(connections.channelId), eq(connections.address, address))
  const [row] = await db.select().from(connections).where(and(isUnused, GOOD)).limit(1)
  return row ?? null
}

/** A connection of this app that opens all of its channels; null for any other. */
export async function findAccount(
  db: Db,
  { appId, connectionId }: { appId: string; connectionId: string },
): Promise<Connection | null> {
  const found = await getConnection(db, connectionId)
  if (found?.appId !== appId || found.kind !== 'oauth') return null
  return found.channelId === null && found.revokedAt === null ? found : null
}

/** The accounts under which people connected an app of shared credentials, by name. */
export async function listAccounts(db: Db, appId: string): Promise<{ id: string; name: string }[]> {
  return db
    .select({ id: connections.id, name: connections.name })
    .from(connections)
    .where(and(eq(connections.appId, appId), isNull(connections.channelId), GOOD))
    .orderBy(asc(connections.name), asc(connections.id))
    .limit(MOST_ACCOUNTS)
}

/** The address that Front last knew a channel by through a connection that ended, unless another has it now. */
export async function lastAddressOf(db: Db, channelId: string): Promise<string | null> {
  const isFree = sql`not exists (select 1 from connections other where other.app_id = ${connections.appId}
    and other.address = ${connections.address} and other.revoked_at is null)`
  const [row] = await db
    .select({ address: connections.address })
    .from(connections)
    .where(and(eq(connections.channelId, channelId), sql`${connections.address} is not null`, isFree))
    .orderBy(desc(connections.id))
    .limit(1)
  return row?.address ?? null
}

export async function renameConnection(db: Db, { id, name }: { id: string; name: string }): Promise<void> {
  await db.update(connections).set({ name }).where(eq(connections.id, id))
}

/** Sign-ins that a person allowed and Front never came back for. Nothing can open them any more. */
export async function deleteUnusedGrants(db: Db, now: Date): Promise<void> {
  const twoDaysAgo = new Date(now.getTime() - 2 * 86_400_000)
  const hasNoToken = sql`not exists (select 1 from connection_tokens t where t.connection_id = ${connections.id})`
  const isUnused = and(GOOD, isNull(connections.channelId), isNull(connections.lastUsedAt))
  await db.delete(connections).where(and(isUnused, lt(connections.createdAt, twoDaysAgo), hasNoToken))
}
