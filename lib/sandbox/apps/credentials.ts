import { z } from 'zod'
import type { SandboxApp } from '#db/queries/sandbox-apps'
import { type SealingKeys, seal, unseal } from '#lib/secrets'

const text = z.string().min(1).max(4000)

/** What a person typed in, in the names of Front's create-channel call, and the tokens that came of it. */
export const credentials = z
  .object({
    api_key: text,
    username: text,
    password: text,
    client_id: text,
    client_secret: text,
    access_token: text,
    refresh_token: text,
  })
  .partial()

export type Credentials = z.infer<typeof credentials>

export function sealCredentials(given: Credentials, keys: SealingKeys): string {
  return seal(JSON.stringify(given), keys)
}

export function openCredentials(sealed: string, keys: SealingKeys): Credentials {
  return credentials.parse(JSON.parse(unseal(sealed, keys)))
}

/** Which members of `credentials` an app's way to authenticate needs; none where a person signs in, or nobody has to. */
export const NEEDED: Record<SandboxApp['authMethod'], readonly (keyof Credentials)[]> = {
  api_token: ['access_token'],
  oauth: [],
  none: [],
  api_key: ['api_key'],
  basic: ['username', 'password'],
  client_credentials: ['client_id', 'client_secret'],
  password: ['username', 'password'],
}

/** The headers that every request of Front to an app carries on behalf of one connection. */
export function credentialHeaders(app: SandboxApp, given: Credentials): Record<string, string> {
  const key = given.access_token ?? given.api_key
  if (app.authMethod === 'none') return {}
  if (app.authMethod === 'basic') {
    return { authorization: basic({ id: given.username ?? '', secret: given.password ?? '' }) }
  }
  if (key === undefined) return {}
  if (app.authMethod !== 'api_token' && app.authMethod !== 'api_key') return { authorization: `Bearer ${key}` }
  switch (app.credentialVariant) {
    case 'basic':
      return { authorization: basic({ id: key, secret: '' }) }
    case 'api_key_header':
      return { 'x-api-key': key }
    case 'bare':
      return { authorization: key }
    default:
      return { authorization: `Bearer ${key}` }
  }
}

export function basic({ id, secret }: { id: string; secret: string }): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
}
