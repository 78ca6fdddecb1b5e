import type { AuthMethod, CredentialScope } from '#db/schema/apps'
import type { CredentialVariant } from '#db/schema/connections'
import type { Credentials } from '#lib/sandbox/apps/credentials'
import type { DeleteForm } from '#lib/sandbox/apps/post-event'

/** What the choices of an app are called, as far as possible as Front calls them. */
export const AUTH_WORDS: Record<AuthMethod, string> = {
  api_token: 'API token',
  oauth: 'OAuth',
  none: 'None',
  api_key: 'API key',
  basic: 'Basic (name and password)',
  client_credentials: 'OAuth with client credentials',
  password: 'OAuth with name and password',
}

export const SCOPE_WORDS: Record<CredentialScope, string> = {
  private: 'One channel',
  shared: 'Several channels, chosen by address',
}

export const VARIANT_WORDS: Record<CredentialVariant, string> = {
  bearer: 'Authorization: Bearer …',
  basic: 'Authorization: Basic …',
  api_key_header: 'X-API-Key: …',
  bare: 'Authorization: …',
}

/** What a person is asked for when a channel is connected. */
export const CREDENTIAL_FIELDS: Partial<Record<keyof Credentials, { label: string; isSecret: boolean }>> = {
  access_token: { label: 'API token', isSecret: true },
  api_key: { label: 'API key', isSecret: true },
  username: { label: 'User name', isSecret: false },
  password: { label: 'Password', isSecret: true },
  client_id: { label: 'Client ID', isSecret: false },
  client_secret: { label: 'Client secret', isSecret: true },
}

export const DELETE_WORDS: Record<DeleteForm, string> = {
  delete: 'DELETE without a body',
  delete_with_body: 'DELETE with a body that is not signed',
  delete_signed_body: 'DELETE with a signed body',
  post: 'POST with a signed body',
}

/** Whether an app's server gives tokens, so that its addresses for that matter. */
export function usesOAuth(method: AuthMethod): boolean {
  return method === 'oauth' || method === 'client_credentials' || method === 'password'
}
