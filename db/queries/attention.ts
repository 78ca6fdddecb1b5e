import { desc, eq } from 'drizzle-orm'
import type { Db } from '#db/client'
import { deliveries } from '#db/schema/deliveries'

export const MAX_COUNTED = 100

/** How many deliveries have failed and wait for a person, counted up to `MAX_COUNTED` along the index of open deliveries. */
export async function countNeedsAttention(db: Db): Promise<number> {
  const failed = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(eq(deliveries.status, 'failed'))
    .orderBy(desc(deliveries.id))
    .limit(MAX_COUNTED)
  return failed.length
}
