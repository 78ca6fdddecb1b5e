import { asc, eq, or } from 'drizzle-orm'
import type { Db } from '#db/client'
import { sandboxChannels } from '#db/schema/sandbox'

const MAX_CHANNELS = 200

export type NewSandboxChannel = typeof sandboxChannels.$inferInsert
export type SandboxChannelChange = Partial<
  Pick<NewSandboxChannel, 'name' | 'inboxId' | 'settings' | 'webhookUrl' | 'contactType' | 'replyMode'>
>

export async function insertSandboxChannel(db: Db, channel: NewSandboxChannel) {
  const [row] = await db.insert(sandboxChannels).values(channel).returning()
  if (!row) throw new Error('The sandbox channel was not stored')
  return row
}

/** @param idOrAddress `cha_...`, or an address after the caller took `alt:address:` off */
export async function findSandboxChannel(db: Db, idOrAddress: string) {
  const fits = or(eq(sandboxChannels.id, idOrAddress), eq(sandboxChannels.address, idOrAddress))
  const [row] = await db.select().from(sandboxChannels).where(fits).limit(1)
  return row
}

export async function listSandboxChannels(db: Db, inboxId?: string) {
  const ofInbox = inboxId === undefined ? undefined : eq(sandboxChannels.inboxId, inboxId)
  const order = [asc(sandboxChannels.createdAt), asc(sandboxChannels.id)]
  return db
    .select()
    .from(sandboxChannels)
    .where(ofInbox)
    .orderBy(...order)
    .limit(MAX_CHANNELS)
}

/** False when there is no such channel. */
export async function updateSandboxChannel(db: Db, id: string, change: SandboxChannelChange): Promise<boolean> {
  const rows = await db
    .update(sandboxChannels)
    .set(change)
    .where(eq(sandboxChannels.id, id))
    .returning({ id: sandboxChannels.id })
  return rows.length > 0
}

/** Makes the channel, or points an existing one to another outgoing URL. */
export async function putSandboxChannel(db: Db, channel: NewSandboxChannel): Promise<void> {
  const change = { webhookUrl: channel.webhookUrl }
  await db.insert(sandboxChannels).values(channel).onConflictDoUpdate({ target: sandboxChannels.id, set: change })
}
