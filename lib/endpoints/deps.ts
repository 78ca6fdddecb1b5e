import type { Database } from '#db/client'
import { db } from '#lib/database'
import { drain, type Pass } from '#lib/delivery/drain'
import { env } from '#lib/env'
import type { OpenUrl } from '#lib/front/download'
import { outboundDownload, outboundTransport } from '#lib/http/outbound'
import { keyring } from '#lib/keyring'
import { outboundMail } from '#lib/mail/outbound-mail'
import { ownOrigin } from '#lib/oauth/own-origin'
import type { SealingKeys } from '#lib/secrets'

/** Everything the public endpoints use beyond the request itself, so that they run under Next, plain Node and tests alike. */
export type EndpointDeps = {
  db: Database
  keys: SealingKeys
  /** The base of every URL we hand out, without a slash at its end. */
  publicUrl: string
  /** Where the sandbox may be led back to after an OAuth sign-in: our own origin; null where there is no sandbox. */
  sandboxOrigin: string | null
  /** Proxies in front of our server that add to X-Forwarded-For. */
  trustedProxies: number
  /** Bearer token of the cron routes; null closes them. */
  cronSecret: string | null
  now: () => Date
  /** Runs work once the answer is on its way. Nothing may rest on it. */
  defer: (work: () => Promise<void>) => void
  /** One pass of the delivery work. */
  drain: (pass: Pass) => Promise<void>
  /** Opens a file that Front holds. */
  open: OpenUrl
}

/** What a public endpoint needs in this process, from the environment. */
export function endpointDeps(defer: EndpointDeps['defer']): EndpointDeps {
  const { PUBLIC_URL, TRUSTED_PROXIES, CRON_SECRET } = env()
  const shared = { db: db(), keys: keyring(), publicUrl: PUBLIC_URL, now: () => new Date() }
  return {
    ...shared,
    sandboxOrigin: ownOrigin(),
    trustedProxies: TRUSTED_PROXIES,
    cronSecret: CRON_SECRET ?? null,
    defer,
    drain: (pass) =>
      drain({ ...shared, transport: outboundTransport(), mail: outboundMail(), random: Math.random }, pass),
    open: outboundDownload(),
  }
}
