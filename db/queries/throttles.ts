import { eq, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { throttles } from '#db/schema/throttles'

export type Limit = { key: string; everyMs: number; burst: number }

/** Takes one turn of a limiter (GCRA): `burst` at once, then one per `everyMs`. `waitS` is 0 when it was allowed. */
export async function takeTurn(db: Db, { key, everyMs, burst }: Limit): Promise<{ allowed: boolean; waitS: number }> {
  const [row] = await db.execute<{ allowed: boolean; wait_s: number }>(
    sql`select allowed, wait_s::float8 as wait_s from take_turn(${key}, ${everyMs} * interval '1 ms', ${burst})`,
  )
  return { allowed: row?.allowed ?? false, waitS: Math.ceil(row?.wait_s ?? 1) }
}

export async function clearThrottle(db: Db, key: string): Promise<void> {
  await db.delete(throttles).where(eq(throttles.key, key))
}

/** Rows whose time has passed mean nothing; the upkeep pass removes them. */
export async function deletePassedThrottles(db: Db): Promise<void> {
  await db.delete(throttles).where(sql`${throttles.tat} < now()`)
}
