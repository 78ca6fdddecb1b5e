import { createHmac } from 'node:crypto'
import { constantTimeEqual, deriveKey, type SealingKeys } from '#lib/secrets'

/** The made-up Front company that the sandbox plays. */
export const SANDBOX_COMPANY = { id: 'cmp_sandbox', name: 'Sandbox Company' }

export const SANDBOX_INBOXES = [
  { id: 'inb_support', name: 'Support' },
  { id: 'inb_sales', name: 'Sales' },
] as const

export const SANDBOX_TEAMMATES = [
  { id: 'tea_mina', firstName: 'Mina', lastName: 'Okafor', email: 'mina@sandbox.example', isAdmin: true },
  { id: 'tea_jonas', firstName: 'Jonas', lastName: 'Weber', email: 'jonas@sandbox.example', isAdmin: false },
] as const

export type SandboxTeammate = (typeof SANDBOX_TEAMMATES)[number]

export function findTeammate(id: string | null): SandboxTeammate | undefined {
  return SANDBOX_TEAMMATES.find((teammate) => teammate.id === id || `alt:email:${teammate.email}` === id)
}

/** Where the sandbox's API begins: what a company's Front base URL is set to. */
export function sandboxBaseUrl(publicUrl: string): string {
  return `${publicUrl}/sandbox/front`
}

/** The API token of the made-up company: fixed for an installation, known to nobody outside it. */
export function sandboxToken(keys: SealingKeys): string {
  return `sandbox_${deriveKey(keys[0], 'sandbox api token')}`
}

/** The API secret that the sandbox signs its outgoing posts with. */
export function sandboxSecret(keys: SealingKeys): string {
  return deriveKey(keys[0], 'sandbox api secret')
}

/** The app that exploring makes known to both sides. */
export const SANDBOX_APP_UID = '5a4db0c5a4d1ca11'

/** That app's secret, fixed for an installation. */
export function sandboxAppSecret(keys: SealingKeys): string {
  return deriveKey(keys[0], 'sandbox app secret')
}

/** Tokens of earlier sealing keys stay good, so that a rotation does not lock the sandbox out. */
export function isSandboxToken(token: string, keys: SealingKeys): boolean {
  return keys.some((key) => constantTimeEqual(token, sandboxToken([key])))
}

/** Signs a storage address, which works without a token until `expiresS`, a Unix time in seconds. */
export function storageSignature(fileId: string, expiresS: number, key: Buffer): string {
  return createHmac('sha256', deriveKey(key, 'sandbox storage')).update(`${fileId}:${expiresS}`).digest('base64url')
}

/** An id in Front's manner: a prefix and twelve base-36 characters. */
export function frontId(prefix: string, random: () => number): string {
  return `${prefix}_${randomText(12, random)}`
}

/** A message uid in Front's manner: 32 characters that mean nothing. */
export function messageUid(random: () => number): string {
  return randomText(32, random)
}

/** Says which sign-in a browser comes back from; nobody can guess it. */
export function randomState(random: () => number): string {
  return randomText(32, random)
}

/** An app's UID, 16 hexadecimal characters, and the secret that goes with it. */
export function newAppIdentity(random: () => number): { uid: string; secret: string } {
  const uid = Array.from({ length: 16 }, () => Math.floor(random() * 16).toString(16)).join('')
  return { uid, secret: randomText(40, random) }
}

function randomText(length: number, random: () => number): string {
  return Array.from({ length }, () => Math.floor(random() * 36).toString(36)).join('')
}
