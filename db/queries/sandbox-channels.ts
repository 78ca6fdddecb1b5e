import { and, asc, desc, eq, isNotNull, isNull, or } from 'drizzle-orm'
import type { Db } from '#db/client'
import { sandboxChannels } from '#db/schema/sandbox'

const MAX_CHANNELS = 200
const MAX_NAMES = 1000

export type NewSandboxChannel = typeof sandboxChannels.$inferInsert
export type SandboxChannelChange = Partial<Omit<NewSandboxChannel, 'id' | 'type' | 'createdAt'>>

export async function insertSandboxChannel(db: Db, channel: NewSandboxChannel) {
  const [row] = await db.insert(sandboxChannels).values(channel).returning()
  if (!row) throw new Error('The sandbox channel was not stored')
  return row
}

/**
 * A channel that was not deleted.
 * @param idOrAddress `cha_...`, or an address after the caller took `alt:address:` off
 */
export async function findSandboxChannel(db: Db, idOrAddress: string) {
  const fits = or(eq(sandboxChannels.id, idOrAddress), eq(sandboxChannels.address, idOrAddress))
  const [row] = await db
    .select()
    .from(sandboxChannels)
    .where(and(fits, isNull(sandboxChannels.deletedAt)))
    .orderBy(asc(sandboxChannels.createdAt), asc(sandboxChannels.id))
    .limit(1)
  return row
}

/** Deleted channels too: their conversations stay. */
export async function findAnySandboxChannel(db: Db, id: string) {
  const [row] = await db.select().from(sandboxChannels).where(eq(sandboxChannels.id, id)).limit(1)
  return row
}

/** Oldest first, without those that were deleted. */
export async function listSandboxChannels(db: Db, of: { inboxId?: string; appUid?: string; address?: string } = {}) {
  const { inboxId, appUid, address } = of
  const ofInbox = inboxId === undefined ? undefined : eq(sandboxChannels.inboxId, inboxId)
  const ofApp = appUid === undefined ? undefined : eq(sandboxChannels.appUid, appUid)
  const atAddress = address === undefined ? undefined : eq(sandboxChannels.address, address)
  const order = [asc(sandboxChannels.createdAt), asc(sandboxChannels.id)]
  return db
    .select()
    .from(sandboxChannels)
    .where(and(ofInbox, ofApp, atAddress, isNull(sandboxChannels.deletedAt)))
    .orderBy(...order)
    .limit(MAX_CHANNELS)
}

/** Names by id, of deleted channels too: their conversations stay. The newest channels only. */
export async function listSandboxChannelNames(db: Db) {
  const { id, name, deletedAt } = sandboxChannels
  return db
    .select({ id, name, isDeleted: isNotNull(deletedAt) })
    .from(sandboxChannels)
    .orderBy(desc(sandboxChannels.createdAt), desc(sandboxChannels.id))
    .limit(MAX_NAMES)
}

/** Application channels that do not work, for the notice on every page. */
export async function listTroubledSandboxChannels(db: Db) {
  const { id, name, status, statusReason, webhookUrl } = sandboxChannels
  return db
    .select({ id, name, statusReason, isConnected: isNotNull(webhookUrl) })
    .from(sandboxChannels)
    .where(
      and(
        isNotNull(sandboxChannels.appUid),
        isNull(sandboxChannels.deletedAt),
        or(eq(status, 'offline'), isNull(webhookUrl)),
      ),
    )
    .orderBy(asc(sandboxChannels.createdAt), asc(sandboxChannels.id))
    .limit(20)
}

/** False when there is no such channel. */
export async function updateSandboxChannel(db: Db, id: string, change: SandboxChannelChange): Promise<boolean> {
  const rows = await db
    .update(sandboxChannels)
    .set(change)
    .where(and(eq(sandboxChannels.id, id), isNull(sandboxChannels.deletedAt)))
    .returning({ id: sandboxChannels.id })
  return rows.length > 0
}

/** Makes the channel, or brings one back that exists: with another outgoing URL, another credential. */
export async function putSandboxChannel(db: Db, channel: NewSandboxChannel) {
  const { webhookUrl, appUid, credentialId } = channel
  const [row] = await db
    .insert(sandboxChannels)
    .values(channel)
    .onConflictDoUpdate({ target: sandboxChannels.id, set: { webhookUrl, appUid, credentialId, deletedAt: null } })
    .returning()
  if (!row) throw new Error('The sandbox channel was not stored')
  return row
}
