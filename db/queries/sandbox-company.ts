import { asc, eq, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import type { Company } from '#db/queries/companies'
import { companies } from '#db/schema/companies'

/** The company that stands for the sandbox, with its sealed secrets: for flows only. */
export async function findSandboxCompany(db: Db): Promise<Company | null> {
  const [row] = await db
    .select()
    .from(companies)
    .where(eq(companies.isSandbox, true))
    .orderBy(asc(companies.id))
    .limit(1)
  return row ?? null
}

/** Two people who explore at once make one sandbox: held until the transaction ends. */
export async function lockSandboxSetUp(db: Db): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtext('patchbay sandbox set-up'))`)
}
