import { type Connection, connect, type Database } from '#db/client'
import { env } from '#lib/env'

const GLOBAL = Symbol.for('patchbay.connection')

/** This process's pool for pages and endpoints, opened at first use. Kept on `globalThis` so that a reload in development reuses it. */
export function db(): Database {
  const holder = globalThis as { [GLOBAL]?: Connection }
  const { DATABASE_URL, DATABASE_POOL, DATABASE_PREPARE } = env()
  holder[GLOBAL] ??= connect(DATABASE_URL, {
    max: DATABASE_POOL,
    name: 'patchbay-web',
    prepare: DATABASE_PREPARE === 'yes',
  })
  return holder[GLOBAL].db
}

/** Closes this process's pool, if one was opened. */
export async function closeDatabase(): Promise<void> {
  const holder = globalThis as { [GLOBAL]?: Connection }
  await holder[GLOBAL]?.end()
  delete holder[GLOBAL]
}
