import { and, asc, eq, getTableColumns, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { apps } from '#db/schema/apps'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'

export type Channel = typeof channels.$inferSelect
export type NewChannel = typeof channels.$inferInsert
/** A channel as pages may see it: without the sealed headers. */
export type ChannelView = Awaited<ReturnType<typeof listChannels>>[number]

const MAX_CHANNELS = 500

const { providerHeadersSealed: _sealed, ...plainColumns } = getTableColumns(channels)

const viewColumns = {
  ...plainColumns,
  companyName: companies.name,
  appName: apps.name,
  appKey: apps.key,
  appAuthMethod: apps.authMethod,
  isSandbox: companies.isSandbox,
  companyHoldUntil: companies.holdUntil,
  companyHoldReason: companies.holdReason,
  hasApiToken: sql<boolean>`${companies.apiTokenSealed} is not null`,
  hasApiSecret: sql<boolean>`${companies.apiSecretSealed} is not null`,
  hasProviderHeaders: sql<boolean>`${channels.providerHeadersSealed} is not null`,
}

export async function insertChannel(db: Db, channel: NewChannel): Promise<Channel> {
  const [row] = await db.insert(channels).values(channel).returning()
  if (!row) throw new Error('The database did not return the new channel.')
  return row
}

/** The whole row with its sealed headers, for flows and delivery; archived channels included. */
export async function getChannel(db: Db, id: string): Promise<Channel | null> {
  const [row] = await db.select().from(channels).where(eq(channels.id, id)).limit(1)
  return row ?? null
}

/** As `getChannel`, and nobody else changes the row until the caller's transaction ends. */
export async function lockChannel(db: Db, id: string): Promise<Channel | null> {
  const [row] = await db.select().from(channels).where(eq(channels.id, id)).limit(1).for('no key update')
  return row ?? null
}

/** The channel that a public URL names; null when there is none or it is archived. */
export async function getChannelByKey(db: Db, key: string): Promise<Channel | null> {
  const [row] = await db
    .select()
    .from(channels)
    .where(and(eq(channels.key, key), isNull(channels.archivedAt)))
    .limit(1)
  return row ?? null
}

/** Our channel for one of Front's, archived ones left out. */
export async function getChannelByFrontId(
  db: Db,
  { companyId, frontChannelId }: { companyId: string; frontChannelId: string },
): Promise<Channel | null> {
  const [row] = await db
    .select()
    .from(channels)
    .where(
      and(eq(channels.companyId, companyId), eq(channels.frontChannelId, frontChannelId), isNull(channels.archivedAt)),
    )
    .limit(1)
  return row ?? null
}

/** A channel for a page, archived or not. */
export async function getChannelView(db: Db, id: string): Promise<ChannelView | null> {
  const [row] = await db
    .select(viewColumns)
    .from(channels)
    .innerJoin(companies, eq(companies.id, channels.companyId))
    .leftJoin(apps, eq(apps.id, channels.appId))
    .where(eq(channels.id, id))
    .limit(1)
  return row ?? null
}

/** Channels by name, at most 500. Archived ones only when asked for. */
export async function listChannels(db: Db, { archived = false }: { archived?: boolean } = {}) {
  return db
    .select(viewColumns)
    .from(channels)
    .innerJoin(companies, eq(companies.id, channels.companyId))
    .leftJoin(apps, eq(apps.id, channels.appId))
    .where(archived ? isNotNull(channels.archivedAt) : isNull(channels.archivedAt))
    .orderBy(asc(channels.name), asc(channels.id))
    .limit(MAX_CHANNELS)
}

/** Channels of an app, those that wait for Front first; at most 500. Archived ones are left out. */
export async function listChannelsOfApp(db: Db, appId: string) {
  return db
    .select({
      id: channels.id,
      key: channels.key,
      name: channels.name,
      frontChannelId: channels.frontChannelId,
      connectedAt: channels.connectedAt,
      disconnectedAt: channels.disconnectedAt,
    })
    .from(channels)
    .where(and(eq(channels.appId, appId), isNull(channels.archivedAt)))
    .orderBy(sql`${channels.connectedAt} is not null`, asc(channels.name), asc(channels.id))
    .limit(MAX_CHANNELS)
}

/** Ids of Front's channels that are connected already, so that nothing offers them twice. */
export async function listConnectedFrontIds(db: Db, companyId: string): Promise<string[]> {
  const rows = await db
    .select({ id: channels.frontChannelId })
    .from(channels)
    .where(and(eq(channels.companyId, companyId), isNull(channels.archivedAt)))
    .orderBy(asc(channels.id))
    .limit(MAX_CHANNELS * 10)
  return rows.map((row) => row.id)
}

/** Changes a channel and its `updatedAt`. Null when it does not exist. */
export async function updateChannelRow(
  db: Db,
  { id, now, change }: { id: string; now: Date; change: Partial<Omit<NewChannel, 'id' | 'companyId' | 'createdAt'>> },
): Promise<Channel | null> {
  const [row] = await db
    .update(channels)
    .set({ ...change, updatedAt: now })
    .where(eq(channels.id, id))
    .returning()
  return row ?? null
}

/** Only for a channel that never came to be; every other one is archived. */
export async function deleteChannelRow(db: Db, id: string): Promise<void> {
  await db.delete(channels).where(eq(channels.id, id))
}
