import { and, desc, eq, ne } from 'drizzle-orm'
import type { Db } from '#db/client'
import { sandboxChat, sandboxProviders } from '#db/schema/sandbox-chat'

export type SandboxChatLine = typeof sandboxChat.$inferSelect

export async function findSandboxProvider(db: Db, channelKey: string) {
  const [row] = await db.select().from(sandboxProviders).where(eq(sandboxProviders.channelKey, channelKey)).limit(1)
  return row
}

/** The newest providers' names and keys of their channels, never what opens them. */
export async function listSandboxProviders(db: Db) {
  const { channelKey, name } = sandboxProviders
  return db.select({ channelKey, name }).from(sandboxProviders).orderBy(desc(sandboxProviders.createdAt)).limit(20)
}

/** Gives the sandbox's provider what it needs to speak to a Patchbay channel. */
export async function putSandboxProvider(db: Db, provider: typeof sandboxProviders.$inferInsert): Promise<void> {
  const { name, bearerKeySealed, signingSecretSealed } = provider
  await db
    .insert(sandboxProviders)
    .values(provider)
    .onConflictDoUpdate({ target: sandboxProviders.channelKey, set: { name, bearerKeySealed, signingSecretSealed } })
}

/** The chats of the same name whose channels were archived or have another address now lead nowhere. */
export async function forgetOtherSandboxProviders(
  db: Db,
  { name, channelKey }: { name: string; channelKey: string },
): Promise<void> {
  await db
    .delete(sandboxProviders)
    .where(and(eq(sandboxProviders.name, name), ne(sandboxProviders.channelKey, channelKey)))
}

/** False when a delivery with the same `webhookId` was stored before. */
export async function insertSandboxChatLine(db: Db, line: typeof sandboxChat.$inferInsert): Promise<boolean> {
  const rows = await db.insert(sandboxChat).values(line).onConflictDoNothing().returning({ id: sandboxChat.id })
  return rows.length > 0
}

export async function findSandboxChatLine(db: Db, by: { webhookId: string } | { id: string }) {
  const fits = 'id' in by ? eq(sandboxChat.id, by.id) : eq(sandboxChat.webhookId, by.webhookId)
  const [row] = await db.select().from(sandboxChat).where(fits).limit(1)
  return row
}

export async function setSandboxChatError(db: Db, id: string, error: string | null): Promise<void> {
  await db.update(sandboxChat).set({ error }).where(eq(sandboxChat.id, id))
}

/** One visitor's chat, newest first. */
export async function listSandboxChat(db: Db, { channelKey, visitor }: { channelKey: string; visitor: string }) {
  return db
    .select()
    .from(sandboxChat)
    .where(and(eq(sandboxChat.channelKey, channelKey), eq(sandboxChat.visitor, visitor)))
    .orderBy(desc(sandboxChat.createdAt), desc(sandboxChat.id))
    .limit(200)
}
