import type { Database } from '#db/client'
import type { SendHttp } from '#lib/http/send'
import type { SealingKeys } from '#lib/secrets'

/** What every part of the sandbox is given. */
export type SandboxDeps = {
  db: Database
  keys: SealingKeys
  /** Base of every address that the sandbox hands out or calls. */
  publicUrl: string
  now: Date
  random: () => number
  /** How the sandbox calls others: Front's posts to an outgoing URL, the provider's to Patchbay. */
  send: SendHttp
}
