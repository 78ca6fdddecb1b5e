import { isNull } from 'drizzle-orm'
import type { Db } from '#db/client'
import { installation } from '#db/schema/installation'

export type Installation = typeof installation.$inferSelect

export async function findInstallation(db: Db): Promise<Installation | null> {
  const [row] = await db.select().from(installation).limit(1)
  return row ?? null
}

/** Makes the one row at the first start; of several starts at once one wins. */
export async function insertInstallation(db: Db, keyCheck: string): Promise<void> {
  await db.insert(installation).values({ keyCheck }).onConflictDoNothing()
}

/** Closes the set-up page for good. True for exactly one caller, ever: any other waits for its commit and gets false. */
export async function closeSetUp(db: Db, now: Date): Promise<boolean> {
  const closed = await db
    .update(installation)
    .set({ ownerCreatedAt: now })
    .where(isNull(installation.ownerCreatedAt))
    .returning({ at: installation.ownerCreatedAt })
  return closed.length === 1
}
