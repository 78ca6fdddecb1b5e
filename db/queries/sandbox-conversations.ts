import { and, desc, eq, isNull, lte, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import type { SandboxPhoneCall } from '#db/queries/sandbox-phone-calls'
import { sandboxComments, sandboxConversations } from '#db/schema/sandbox'

const MAX_CONVERSATIONS = 50
const MAX_COMMENTS = 200

export type NewSandboxConversation = typeof sandboxConversations.$inferInsert
type Thread = { channelId: string; threadRef: string | null; handle: string }

/** Two messages of one thread at once make one conversation: held until the transaction ends. */
export async function lockSandboxThread(db: Db, { channelId, threadRef, handle }: Thread): Promise<void> {
  const name = threadRef === null ? `sender ${handle}` : `ref ${threadRef}`
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`sandbox ${channelId} ${name}`}, 0))`)
}

/** Front's threading: by reference within the channel, else the sender's newest conversation that is still open. */
export async function findSandboxThread(db: Db, { channelId, threadRef, handle }: Thread) {
  const byReference = threadRef === null ? undefined : eq(sandboxConversations.threadRef, threadRef)
  const bySender = and(
    isNull(sandboxConversations.threadRef),
    eq(sandboxConversations.handle, handle),
    isNull(sandboxConversations.mergedInto),
    eq(sandboxConversations.status, 'unassigned'),
  )
  const [row] = await db
    .select()
    .from(sandboxConversations)
    .where(and(eq(sandboxConversations.channelId, channelId), byReference ?? bySender))
    .orderBy(desc(sandboxConversations.lastMessageAt), desc(sandboxConversations.id))
    .limit(1)
  return row
}

export async function insertSandboxConversation(db: Db, conversation: NewSandboxConversation) {
  const [row] = await db.insert(sandboxConversations).values(conversation).returning()
  if (!row) throw new Error('The sandbox conversation was not stored')
  return row
}

/** A new message opens the conversation again. */
export async function touchSandboxConversation(db: Db, id: string, at: Date): Promise<void> {
  await db
    .update(sandboxConversations)
    .set({ lastMessageAt: at, status: 'unassigned' })
    .where(eq(sandboxConversations.id, id))
}

export async function setSandboxConversationStatus(
  db: Db,
  id: string,
  status: 'unassigned' | 'archived',
): Promise<void> {
  await db.update(sandboxConversations).set({ status }).where(eq(sandboxConversations.id, id))
}

/** Undefined while its first message is not visible yet. */
export async function findSandboxConversation(db: Db, id: string, now: Date) {
  const visible = and(eq(sandboxConversations.id, id), lte(sandboxConversations.createdAt, now))
  const [row] = await db.select().from(sandboxConversations).where(visible).limit(1)
  return row
}

type Newest =
  | { kind: 'message'; text: string; isInbound: boolean; failed: boolean }
  | { kind: 'call'; status: SandboxPhoneCall['status'] }
type Listing = { now: Date; status: 'unassigned' | 'archived'; channelId?: string }

/** Newest first, with the beginning of the newest visible message, or of a phone call where there is no message. */
export async function listSandboxConversations(db: Db, { now, status, channelId }: Listing) {
  const newest = sql<Newest | null>`coalesce(
    (select json_build_object('kind', 'message', 'text', left(m.content->>'text', 140), 'isInbound', m.is_inbound,
       'failed', m.send_state in ('failed', 'bounced'))
     from sandbox_messages m where m.conversation_id = sandbox_conversations.id and m.visible_at <= ${now.toISOString()}::timestamptz
     order by m.visible_at desc, m.id desc limit 1),
    (select json_build_object('kind', 'call', 'status', c.status)
     from sandbox_phone_calls c where c.conversation_id = sandbox_conversations.id order by c.created_at desc limit 1))`
  return db
    .select({
      id: sandboxConversations.id,
      channelId: sandboxConversations.channelId,
      handle: sandboxConversations.handle,
      name: sandboxConversations.name,
      status: sandboxConversations.status,
      threadRef: sandboxConversations.threadRef,
      lastMessageAt: sandboxConversations.lastMessageAt,
      newest,
    })
    .from(sandboxConversations)
    .where(
      and(
        lte(sandboxConversations.createdAt, now),
        eq(sandboxConversations.status, status),
        isNull(sandboxConversations.mergedInto),
        channelId === undefined ? undefined : eq(sandboxConversations.channelId, channelId),
      ),
    )
    .orderBy(desc(sandboxConversations.lastMessageAt), desc(sandboxConversations.id))
    .limit(MAX_CONVERSATIONS)
}

export async function insertSandboxComment(db: Db, comment: typeof sandboxComments.$inferInsert) {
  const [row] = await db.insert(sandboxComments).values(comment).returning()
  if (!row) throw new Error('The sandbox comment was not stored')
  return row
}

export async function listSandboxComments(db: Db, conversationId: string) {
  return db
    .select()
    .from(sandboxComments)
    .where(eq(sandboxComments.conversationId, conversationId))
    .orderBy(desc(sandboxComments.createdAt), desc(sandboxComments.id))
    .limit(MAX_COMMENTS)
}
