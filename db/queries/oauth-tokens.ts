import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { apps } from '#db/schema/apps'
import { connections, connectionTokens } from '#db/schema/connections'

/** A connect key by its connection's id, or by the name that a person gave it; null unless it opens that app now. */
export async function findConnectKey(
  db: Db,
  { appId, username, tokenHash }: { appId: string; username: string; tokenHash: string },
): Promise<{ connectionId: string } | null> {
  const [row] = await db
    .select({ connectionId: connections.id })
    .from(connectionTokens)
    .innerJoin(connections, eq(connections.id, connectionTokens.connectionId))
    .where(
      and(
        eq(connectionTokens.tokenHash, tokenHash),
        eq(connectionTokens.purpose, 'key'),
        eq(connections.appId, appId),
        isNull(connections.revokedAt),
        or(eq(sql`${connections.id}::text`, username), eq(connections.name, username)),
      ),
    )
    .limit(1)
  return row ?? null
}

/** Marks a code or refresh token as used; false when it was before, so that of two at once one wins. */
export async function spendToken(db: Db, { id, now }: { id: string; now: Date }): Promise<boolean> {
  const used = await db
    .update(connectionTokens)
    .set({ usedAt: now })
    .where(and(eq(connectionTokens.id, id), isNull(connectionTokens.usedAt)))
    .returning({ id: connectionTokens.id })
  return used.length > 0
}

/** Takes back all that a connection was given: its code came a second time, so somebody else may hold it. */
export async function dropGivenTokens(db: Db, connectionId: string): Promise<void> {
  const given = inArray(connectionTokens.purpose, ['access', 'refresh'])
  await db.delete(connectionTokens).where(and(eq(connectionTokens.connectionId, connectionId), given))
}

/** The first sign-in that was completed says where every later one has to lead back to. */
export async function pinRedirect(db: Db, { appId, redirectUri }: { appId: string; redirectUri: string }) {
  await db
    .update(apps)
    .set({ pinnedRedirectUri: redirectUri })
    .where(and(eq(apps.id, appId), isNull(apps.pinnedRedirectUri)))
}

/** Forgets what nobody can use any more. Used codes stay for a day, so that a second use is recognised. */
export async function deleteOldTokens(db: Db, now: Date): Promise<void> {
  const dayAgo = new Date(now.getTime() - 86_400_000)
  await db.delete(connectionTokens).where(lt(connectionTokens.expiresAt, dayAgo))
}

/** A channel's connection by OAuth that is still good: signing in again goes on with it. */
export async function findOAuthConnection(db: Db, channelId: string) {
  const [row] = await db
    .select()
    .from(connections)
    .where(and(eq(connections.channelId, channelId), eq(connections.kind, 'oauth'), isNull(connections.revokedAt)))
    .orderBy(connections.id)
    .limit(1)
  return row ?? null
}
