import { sql } from 'drizzle-orm'
import type { Transaction } from '#db/client'

/** No statement of this transaction runs longer from now on. */
export async function limitStatements(tx: Transaction, limitMs: number): Promise<void> {
  await tx.execute(sql`select set_config('statement_timeout', ${String(Math.max(1, Math.ceil(limitMs)))}, true)`)
}
