import { and, desc, eq, gte, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { sandboxCalls } from '#db/schema/sandbox'

const KEPT = 500

export type SandboxCall = typeof sandboxCalls.$inferSelect

/** Stores one call and forgets all but the newest 500. */
export async function insertSandboxCall(db: Db, call: typeof sandboxCalls.$inferInsert): Promise<void> {
  await db.insert(sandboxCalls).values(call)
  await db.execute(
    sql`delete from sandbox_calls where id <= (select id from sandbox_calls order by id desc offset ${KEPT} limit 1)`,
  )
}

export async function listSandboxCalls(db: Db, limit = 100): Promise<SandboxCall[]> {
  return db
    .select()
    .from(sandboxCalls)
    .orderBy(desc(sandboxCalls.createdAt), desc(sandboxCalls.id))
    .limit(Math.min(limit, KEPT))
}

/** Calls of the sandbox's API. Exact up to the 500 calls that are kept, which is more than any plan allows in a minute. */
export async function countSandboxCallsSince(db: Db, since: Date): Promise<number> {
  const [row] = await db
    .select({ calls: sql<number>`count(*)::int` })
    .from(sandboxCalls)
    .where(and(gte(sandboxCalls.createdAt, since), eq(sandboxCalls.direction, 'to_front')))
  return row?.calls ?? 0
}
