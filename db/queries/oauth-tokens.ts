import { and, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { channelAddress } from '#db/queries/app-channels'
import { apps } from '#db/schema/apps'
import { channels } from '#db/schema/channels'
import { connections, connectionTokens, type TokenPurpose } from '#db/schema/connections'

type Shown = { appId: string; purpose: TokenPurpose; tokenHash: string }

function isShown({ appId, purpose, tokenHash }: Shown) {
  return and(
    eq(connectionTokens.tokenHash, tokenHash),
    eq(connectionTokens.purpose, purpose),
    eq(connections.appId, appId),
    isNull(connections.revokedAt),
  )
}

/** A token of a connection that has not been revoked; nobody else spends it until the caller's transaction ends. */
export async function lockToken(db: Db, shown: Shown) {
  const [row] = await db
    .select({ token: connectionTokens })
    .from(connectionTokens)
    .innerJoin(connections, eq(connections.id, connectionTokens.connectionId))
    .where(isShown(shown))
    .limit(1)
    .for('update', { of: connectionTokens })
  return row?.token ?? null
}

/** The connection of a connect key, named by its id or by what a person calls it; null when it is not that one's. */
export async function findKeyConnection(
  db: Db,
  { appId, username, tokenHash }: { appId: string; username: string; tokenHash: string },
): Promise<{ connectionId: string } | null> {
  const isNamed = or(eq(sql`${connections.id}::text`, username.toLowerCase()), eq(connections.name, username))
  const [row] = await db
    .select({ connectionId: connections.id })
    .from(connectionTokens)
    .innerJoin(connections, eq(connections.id, connectionTokens.connectionId))
    .where(and(isShown({ appId, purpose: 'key', tokenHash }), isNamed))
    .limit(1)
  return row ?? null
}

/** Marks a code or a refresh token as used, once: a later use changes nothing. */
export async function spendToken(db: Db, { id, now }: { id: string; now: Date }): Promise<void> {
  const unused = and(eq(connectionTokens.id, id), isNull(connectionTokens.usedAt))
  await db.update(connectionTokens).set({ usedAt: now }).where(unused)
}

/** Takes back all that a code gave, and what was given for that in turn. */
export async function dropTokensOf(db: Db, code: { id: string; connectionId: string }): Promise<void> {
  const given = and(eq(connectionTokens.connectionId, code.connectionId), eq(connectionTokens.originId, code.id))
  await db.delete(connectionTokens).where(given)
}

/** The first sign-in that was completed says where every later one has to lead back to. */
export async function pinRedirect(db: Db, { appId, redirectUri }: { appId: string; redirectUri: string }) {
  await db
    .update(apps)
    .set({ pinnedRedirectUri: redirectUri })
    .where(and(eq(apps.id, appId), isNull(apps.pinnedRedirectUri)))
}

/** What a good access token opens, in the words that introspection tells; null for every other token. */
export async function findAccess(db: Db, { now, ...shown }: { appId: string; tokenHash: string; now: Date }) {
  const [row] = await db
    .select({
      connectionId: connections.id,
      connectionName: connections.name,
      channelName: sql<string>`coalesce(${channels.name}, ${connections.name})`,
      // A connection that no channel has yet tells its own, or whatever is unique.
      channelAddress: sql<string>`coalesce(${connections.address}, ${channelAddress}, ${connections.id}::text)`,
    })
    .from(connectionTokens)
    .innerJoin(connections, eq(connections.id, connectionTokens.connectionId))
    .leftJoin(channels, eq(channels.id, connections.channelId))
    .where(and(isShown({ ...shown, purpose: 'access' }), gt(connectionTokens.expiresAt, now)))
    .limit(1)
  return row ?? null
}

/**
 * Forgets tokens that opened nothing any more for a day: ended ones, and refresh tokens that were replaced. Until then a
 * second use is recognised.
 */
export async function deleteOldTokens(db: Db, now: Date): Promise<void> {
  const dayAgo = new Date(now.getTime() - 86_400_000)
  const isReplaced = and(inArray(connectionTokens.purpose, ['refresh']), lt(connectionTokens.usedAt, dayAgo))
  await db.delete(connectionTokens).where(or(lt(connectionTokens.expiresAt, dayAgo), isReplaced))
}
