import type { Database } from '#db/client'
import type { SendHttp } from '#lib/http/send'
import type { Mailer } from '#lib/mail/mailer'
import type { SealingKeys } from '#lib/secrets'

/** What the engine needs from its surroundings; tests pass their own. */
export type DeliveryDeps = {
  db: Database
  keys: SealingKeys
  /** Base of the links that providers get. */
  publicUrl: string
  transport: SendHttp
  /** The way out for letters; null where no mail server is set. */
  mail: Mailer | null
  now: () => Date
  /** Evenly in [0, 1). */
  random: () => number
}
