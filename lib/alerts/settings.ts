import { z } from 'zod'
import type { AlertDestinationKind } from '#db/schema/alerts'
import { type SealingKeys, seal, unseal } from '#lib/secrets'

const address = z.email().max(254)

/** Where a destination is, with its secrets. Stored sealed as a whole. */
export const alertSettings = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('email'), to: z.array(address).min(1).max(20) }),
  z.object({ kind: z.literal('slack'), url: z.url() }),
  z.object({
    kind: z.literal('webhook'),
    url: z.url(),
    /** Newest first; an older one signs too until it expires. */
    secrets: z.array(z.object({ secret: z.string(), expiresAt: z.iso.datetime().nullable() })).min(1),
  }),
])

export type AlertSettings = z.infer<typeof alertSettings>
export type SettingsOf<Kind extends AlertDestinationKind> = Extract<AlertSettings, { kind: Kind }>

export function sealSettings(settings: AlertSettings, keys: SealingKeys): string {
  return seal(JSON.stringify(settings), keys)
}

/** @throws Error when no key opens them */
export function openSettings(sealed: string, keys: SealingKeys): AlertSettings {
  return alertSettings.parse(JSON.parse(unseal(sealed, keys)))
}

/** What a list may show: recipients, or the host of an address, whose path is often a secret. */
export function shownSettings(settings: AlertSettings): string {
  return settings.kind === 'email' ? settings.to.join(', ') : new URL(settings.url).host
}

/** The secrets that sign now, newest first. */
export function livingSecrets({ secrets }: SettingsOf<'webhook'>, now: Date): [string, ...string[]] {
  const alive = secrets.filter(({ expiresAt }) => expiresAt === null || new Date(expiresAt) > now)
  const [first, ...others] = alive.map(({ secret }) => secret)
  if (first === undefined) throw new Error('The destination has no signing secret.')
  return [first, ...others]
}
