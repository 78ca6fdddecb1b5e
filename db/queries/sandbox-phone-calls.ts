import { and, asc, desc, eq, inArray, or } from 'drizzle-orm'
import type { Db } from '#db/client'
import { sandboxPhoneCalls, sandboxPhoneEvents } from '#db/schema/sandbox-extras'

const MAX_CALLS = 50
const MAX_EVENTS = 500

export type SandboxPhoneCall = typeof sandboxPhoneCalls.$inferSelect
export type SandboxPhoneEvent = typeof sandboxPhoneEvents.$inferSelect

type Name = { channelId: string; externalId: string }

export async function insertSandboxPhoneCall(db: Db, call: typeof sandboxPhoneCalls.$inferInsert): Promise<void> {
  await db.insert(sandboxPhoneCalls).values(call)
}

export async function findSandboxPhoneCall(db: Db, { channelId, externalId }: Name) {
  const fits = and(eq(sandboxPhoneCalls.channelId, channelId), eq(sandboxPhoneCalls.externalId, externalId))
  const [row] = await db.select().from(sandboxPhoneCalls).where(fits).limit(1)
  return row
}

/** The newest call that is this parent, or comes from it. */
export async function findSandboxPhoneCallOfParent(db: Db, { channelId, externalId }: Name) {
  const { externalId: own, parentExternalId: parent } = sandboxPhoneCalls
  const [row] = await db
    .select()
    .from(sandboxPhoneCalls)
    .where(and(eq(sandboxPhoneCalls.channelId, channelId), or(eq(own, externalId), eq(parent, externalId))))
    .orderBy(desc(sandboxPhoneCalls.createdAt))
    .limit(1)
  return row
}

export async function setSandboxPhoneCallStatus(db: Db, id: string, status: SandboxPhoneCall['status']): Promise<void> {
  await db.update(sandboxPhoneCalls).set({ status }).where(eq(sandboxPhoneCalls.id, id))
}

export async function insertSandboxPhoneEvent(db: Db, event: typeof sandboxPhoneEvents.$inferInsert): Promise<void> {
  await db.insert(sandboxPhoneEvents).values(event)
}

/** The calls of a conversation with all that happened in them, each oldest first. */
export async function listSandboxPhoneCalls(db: Db, conversationId: string) {
  const calls = await db
    .select()
    .from(sandboxPhoneCalls)
    .where(eq(sandboxPhoneCalls.conversationId, conversationId))
    .orderBy(asc(sandboxPhoneCalls.createdAt), asc(sandboxPhoneCalls.id))
    .limit(MAX_CALLS)
  if (calls.length === 0) return []
  const events = await db
    .select()
    .from(sandboxPhoneEvents)
    .where(
      inArray(
        sandboxPhoneEvents.callId,
        calls.map((call) => call.id),
      ),
    )
    .orderBy(asc(sandboxPhoneEvents.occurredAt), asc(sandboxPhoneEvents.createdAt), asc(sandboxPhoneEvents.id))
    .limit(MAX_EVENTS)
  return calls.map((call) => ({ call, events: events.filter((event) => event.callId === call.id) }))
}
