import { and, desc, eq } from 'drizzle-orm'
import type { Db } from '#db/client'
import { deliveries } from '#db/schema/deliveries'
import { messages } from '#db/schema/messages'

export const MAX_COUNTED = 100

/**
 * How many messages wait for a person: those that failed and those that Front accepted but never showed. Counted up to
 * `MAX_COUNTED`, along partial indexes that hold nothing else.
 */
export async function countNeedsAttention(db: Db): Promise<number> {
  const [failed, missing] = await Promise.all([
    db
      .select({ id: deliveries.id })
      .from(deliveries)
      .where(eq(deliveries.status, 'failed'))
      .orderBy(desc(deliveries.id))
      .limit(MAX_COUNTED),
    db
      .select({ id: messages.id })
      .from(messages)
      .innerJoin(deliveries, and(eq(deliveries.id, messages.id), eq(deliveries.status, 'delivered')))
      .where(eq(messages.frontState, 'missing'))
      .orderBy(desc(messages.id))
      .limit(MAX_COUNTED),
  ])
  return Math.min(MAX_COUNTED, failed.length + missing.length)
}
