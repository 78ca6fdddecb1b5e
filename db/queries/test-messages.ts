import { and, desc, eq, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { conversations } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { messages } from '#db/schema/messages'

/** Tests of a channel have a conversation of their own, so that they never mix with a customer's. */
export const TEST_CONVERSATION_KEY = 'patchbay-test'

const SHOWN = 6

export type TestMessage = Awaited<ReturnType<typeof listTestMessages>>[number]

/** The newest test messages of a channel with what became of them. */
export async function listTestMessages(db: Db, channelId: string) {
  return db
    .select({
      id: messages.id,
      direction: messages.direction,
      createdAt: messages.createdAt,
      frontState: messages.frontState,
      frontMessageId: messages.frontMessageId,
      externalId: messages.externalId,
      status: deliveries.status,
      attempts: deliveries.attempts,
      nextAttemptAt: deliveries.nextAttemptAt,
      lastError: deliveries.lastError,
      answerLost: deliveries.answerLost,
    })
    .from(messages)
    .innerJoin(deliveries, eq(deliveries.id, messages.id))
    .where(eq(messages.conversationId, testConversation(channelId)))
    .orderBy(desc(messages.id))
    .limit(SHOWN)
}

const testConversation = (channelId: string) =>
  sql`(select ${conversations.id} from ${conversations} where ${and(
    eq(conversations.channelId, channelId),
    eq(conversations.key, TEST_CONVERSATION_KEY),
  )})`
