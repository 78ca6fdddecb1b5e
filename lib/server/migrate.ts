import path from 'node:path'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import { connect } from '#db/client'
import { ensurePartitions } from '#db/queries/partitions'
import { AppError } from '#lib/errors'
import { loadEnvFile, readStartOptions } from '#lib/server/environment'
import { replaceFunctions } from '#lib/server/replace-functions'
import { reportFailure } from '#lib/server/report-failure'
import { waitForDatabase } from '#lib/server/wait-for-database'

const ROOT = path.resolve(import.meta.dirname, '..', '..')

/**
 * Brings tables and functions up to date and makes the partitions of the coming months. Safe when several processes start at
 * once: the others wait. The lock belongs to a session, so the address must not go through a transaction pooler.
 */
export async function migrateDatabase(url: string, now: Date): Promise<void> {
  const { db, sql, end } = connect(url, { max: 2, name: 'patchbay-migrate' })
  try {
    const session = await sql.reserve()
    await session`select pg_advisory_lock(hashtext('patchbay migrations'))`
    await migrate(db, { migrationsFolder: path.join(ROOT, 'db', 'migrations') })
    await replaceFunctions(db)
    await ensurePartitions(db, now)
    session.release()
  } finally {
    // Ending the session gives the lock back, also after a failure.
    await end()
  }
}

async function main(): Promise<void> {
  loadEnvFile(ROOT)
  const { databaseUrl } = readStartOptions(ROOT, process.env)
  if (!databaseUrl) throw new AppError('invalid_input', 'Set DATABASE_URL; npm start migrates the embedded database.')
  await waitForDatabase(databaseUrl)
  await migrateDatabase(databaseUrl, new Date())
  process.stdout.write('The database is up to date\n')
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    reportFailure(error)
    process.exitCode = 1
  })
}
