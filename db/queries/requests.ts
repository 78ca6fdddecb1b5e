import type { Db } from '#db/client'
import { requests } from '#db/schema/requests'

export type NewRequest = typeof requests.$inferInsert

/** Keeps a call that did not become a new message. */
export async function insertRequest(db: Db, request: NewRequest): Promise<void> {
  await db.insert(requests).values(request)
}
