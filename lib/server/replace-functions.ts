import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Database } from '#db/client'
import { newestMigration } from '#db/queries/migrations'
import journal from '../../db/migrations/meta/_journal.json' with { type: 'json' }

const FOLDER = path.resolve(import.meta.dirname, '..', '..', 'db', 'functions')

/**
 * Makes the database's functions those of `db/functions`, all or none. Their types and the removal of one are
 * migrations; what they do is here, so that each stands in one place. An older server that starts again during an
 * update leaves the newer one's functions alone.
 */
export async function replaceFunctions(db: Database): Promise<void> {
  const ours = Math.max(...journal.entries.map((entry) => entry.when))
  if ((await newestMigration(db)) > ours) return
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort()
  const texts = await Promise.all(files.map((file) => readFile(path.join(FOLDER, file), 'utf8')))
  await db.$client.begin((tx) => tx.unsafe(texts.join('\n')))
}
