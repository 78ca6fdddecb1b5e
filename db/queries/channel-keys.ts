import { and, asc, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { channelKeys, type KeyPurpose } from '#db/schema/channel-keys'

export type ChannelKey = typeof channelKeys.$inferSelect
export type NewChannelKey = typeof channelKeys.$inferInsert
/** A key as pages may see it: neither hash nor secret. */
export type ChannelKeyView = Awaited<ReturnType<typeof listChannelKeys>>[number]

const MAX_KEYS = 100

export async function insertChannelKey(db: Db, key: NewChannelKey): Promise<void> {
  await db.insert(channelKeys).values(key)
}

const alive = (now: Date) => or(isNull(channelKeys.expiresAt), gt(channelKeys.expiresAt, now))

/** Keys that still open the channel, with hash or sealed secret: for verifying and signing only. Oldest first. */
export async function getActiveKeys(
  db: Db,
  { channelId, purpose, now }: { channelId: string; purpose: KeyPurpose; now: Date },
): Promise<ChannelKey[]> {
  return db
    .select()
    .from(channelKeys)
    .where(and(eq(channelKeys.channelId, channelId), eq(channelKeys.purpose, purpose), alive(now)))
    .orderBy(asc(channelKeys.createdAt), asc(channelKeys.id))
    .limit(MAX_KEYS)
}

/** Keys that still work, newest first. */
export async function listChannelKeys(db: Db, { channelId, now }: { channelId: string; now: Date }) {
  return db
    .select({
      id: channelKeys.id,
      purpose: channelKeys.purpose,
      hint: channelKeys.hint,
      createdBy: channelKeys.createdBy,
      createdAt: channelKeys.createdAt,
      expiresAt: channelKeys.expiresAt,
    })
    .from(channelKeys)
    .where(and(eq(channelKeys.channelId, channelId), alive(now)))
    .orderBy(desc(channelKeys.createdAt), desc(channelKeys.id))
    .limit(MAX_KEYS)
}

/** Lets the channel's present keys of one purpose end at `expiresAt`; one that ends sooner keeps its own end. */
export async function expireKeys(
  db: Db,
  { channelId, purpose, expiresAt }: { channelId: string; purpose: KeyPurpose; expiresAt: Date },
): Promise<void> {
  await db
    .update(channelKeys)
    .set({
      expiresAt: sql`least(coalesce(${channelKeys.expiresAt}, 'infinity'), ${expiresAt.toISOString()}::timestamptz)`,
    })
    .where(and(eq(channelKeys.channelId, channelId), eq(channelKeys.purpose, purpose)))
}

/** Ends one key. Null when the channel has no such key that still works. */
export async function endKey(
  db: Db,
  { channelId, keyId, now }: { channelId: string; keyId: string; now: Date },
): Promise<{ purpose: KeyPurpose; hint: string } | null> {
  const [row] = await db
    .update(channelKeys)
    .set({ expiresAt: now })
    .where(and(eq(channelKeys.id, keyId), eq(channelKeys.channelId, channelId), alive(now)))
    .returning({ purpose: channelKeys.purpose, hint: channelKeys.hint })
  return row ?? null
}
