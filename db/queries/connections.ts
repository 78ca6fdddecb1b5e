import { and, asc, desc, eq, isNull, ne, or, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { apps } from '#db/schema/apps'
import { channels } from '#db/schema/channels'
import { type CredentialVariant, connections, connectionTokens } from '#db/schema/connections'

export type Connection = typeof connections.$inferSelect
export type NewConnection = typeof connections.$inferInsert
export type ConnectionToken = typeof connectionTokens.$inferSelect
export type NewConnectionToken = typeof connectionTokens.$inferInsert
/** A connection as pages may see it. */
export type ConnectionView = Awaited<ReturnType<typeof listConnections>>[number]

const MAX_CONNECTIONS = 500

/** How often `lastUsedAt` moves at most: a busy channel must not write its connection with every call. */
const SEEN_EVERY = sql`interval '1 minute'`

export async function insertConnection(db: Db, connection: NewConnection): Promise<Connection> {
  const [row] = await db.insert(connections).values(connection).returning()
  if (!row) throw new Error('The database did not return the new connection.')
  return row
}

export async function insertConnectionToken(db: Db, token: NewConnectionToken): Promise<void> {
  await db.insert(connectionTokens).values(token)
}

/** What a token opens, whatever has become of it: the caller looks at purpose, expiry, use and revocation. */
export async function findConnectionByToken(db: Db, tokenHash: string) {
  const [row] = await db
    .select({ token: connectionTokens, connection: connections, app: apps })
    .from(connectionTokens)
    .innerJoin(connections, eq(connections.id, connectionTokens.connectionId))
    .innerJoin(apps, eq(apps.id, connections.appId))
    .where(eq(connectionTokens.tokenHash, tokenHash))
    .limit(1)
  return row ?? null
}

export async function getConnection(db: Db, id: string): Promise<Connection | null> {
  const [row] = await db.select().from(connections).where(eq(connections.id, id)).limit(1)
  return row ?? null
}

/** As `getConnection`, and nobody else changes the row until the caller's transaction ends. */
export async function lockConnection(db: Db, id: string): Promise<Connection | null> {
  const [row] = await db.select().from(connections).where(eq(connections.id, id)).limit(1).for('no key update')
  return row ?? null
}

/** A connection that needs no credential, of an app without authentication: the oldest that has not been revoked. */
export async function findOpenConnection(db: Db, appId: string): Promise<Connection | null> {
  const [row] = await db
    .select()
    .from(connections)
    .where(and(eq(connections.appId, appId), eq(connections.kind, 'open'), isNull(connections.revokedAt)))
    .orderBy(asc(connections.id))
    .limit(1)
  return row ?? null
}

/** Connections of an app with the name of their channel, newest first, those that were revoked last. */
export async function listConnections(db: Db, { appId }: { appId: string }) {
  return db
    .select({
      id: connections.id,
      appId: connections.appId,
      channelId: connections.channelId,
      channelName: channels.name,
      kind: connections.kind,
      name: connections.name,
      address: connections.address,
      hint: connections.hint,
      createdBy: connections.createdBy,
      createdAt: connections.createdAt,
      lastUsedAt: connections.lastUsedAt,
      credentialVariant: connections.credentialVariant,
      revokedAt: connections.revokedAt,
      revokedBy: connections.revokedBy,
    })
    .from(connections)
    .leftJoin(channels, eq(channels.id, connections.channelId))
    .where(eq(connections.appId, appId))
    .orderBy(sql`${connections.revokedAt} is not null`, desc(connections.id))
    .limit(MAX_CONNECTIONS)
}

/** Says which channel a connection opens. */
export async function bindConnection(
  db: Db,
  { connectionId, channelId }: { connectionId: string; channelId: string },
): Promise<void> {
  await db.update(connections).set({ channelId }).where(eq(connections.id, connectionId))
}

/** Notes that Front used a connection, once a minute at most, and in which form it showed its credential. */
export async function noteConnectionUse(
  db: Db,
  { connectionId, variant, now }: { connectionId: string; variant: CredentialVariant | null; now: Date },
): Promise<void> {
  const seenLongAgo = sql`${connections.lastUsedAt} < ${now.toISOString()}::timestamptz - ${SEEN_EVERY}`
  const isNews = or(
    isNull(connections.lastUsedAt),
    seenLongAgo,
    variant ? or(isNull(connections.credentialVariant), ne(connections.credentialVariant, variant)) : undefined,
  )
  await db
    .update(connections)
    .set({ lastUsedAt: now, ...(variant ? { credentialVariant: variant } : {}) })
    .where(and(eq(connections.id, connectionId), isNews))
}

/** Ends a connection with all its tokens. False when it had ended before. */
export async function revokeConnectionRow(
  db: Db,
  { connectionId, by, now }: { connectionId: string; by: string; now: Date },
): Promise<boolean> {
  const ended = await db
    .update(connections)
    .set({ revokedAt: now, revokedBy: by })
    .where(and(eq(connections.id, connectionId), isNull(connections.revokedAt)))
    .returning({ id: connections.id })
  return ended.length > 0
}

/** Ends every connection that opens a channel: an archived one must not be connected by a key that is still about. */
export async function revokeConnectionsOf(
  db: Db,
  { channelId, by, now }: { channelId: string; by: string; now: Date },
): Promise<void> {
  await db
    .update(connections)
    .set({ revokedAt: now, revokedBy: by })
    .where(and(eq(connections.channelId, channelId), isNull(connections.revokedAt)))
}
