import { env } from '#lib/env'
import { type SealingKeys, sealingKeys } from '#lib/secrets'

/** The sealing keys of this installation, from the environment. */
export function keyring(): SealingKeys {
  return sealingKeys(env().PATCHBAY_KEY, env().PATCHBAY_OLD_KEYS)
}
