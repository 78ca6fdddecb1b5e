import type { Db } from '#db/client'
import { findInstallation, insertInstallation } from '#db/queries/installation'
import { AppError } from '#lib/errors'
import { type SealingKeys, seal, unseal } from '#lib/secrets'

const KNOWN_TEXT = 'patchbay'

/**
 * Makes sure that the configured key opens what this database holds. The first start seals a known text; every
 * later one opens it.
 * @throws AppError `forbidden` when the database was sealed with a key that is not configured
 */
export async function verifySealingKey(db: Db, keys: SealingKeys): Promise<void> {
  const known = await findInstallation(db)
  if (!known) await insertInstallation(db, seal(KNOWN_TEXT, keys))
  // Read again, because of two first starts at once only one sealed it.
  const row = known ?? (await findInstallation(db))
  if (row && opens(row.keyCheck, keys)) return
  throw new AppError(
    'forbidden',
    'PATCHBAY_KEY is not the key that this database was sealed with: set the earlier key as PATCHBAY_KEY or add it to PATCHBAY_OLD_KEYS.',
  )
}

function opens(sealed: string, keys: SealingKeys): boolean {
  try {
    return unseal(sealed, keys) === KNOWN_TEXT
  } catch {
    return false
  }
}
