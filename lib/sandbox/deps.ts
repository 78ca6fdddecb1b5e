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
  /** How the sandbox calls others: Front's posts to an outgoing URL or an app, the provider's to Patchbay. */
  send: SendHttp
  /**
   * Does something some milliseconds from now, after the answer at hand, with a clock that went on. It is lost where the
   * process ends before, as is what Front does not repeat.
   */
  later: (delayMs: number, work: SandboxWork) => void
}

export type SandboxWork = (deps: SandboxDeps) => Promise<void>
