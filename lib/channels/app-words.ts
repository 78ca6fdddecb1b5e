import type { AuthMethod, CredentialScope } from '#db/schema/apps'
import type { ConnectionKind, CredentialVariant } from '#db/schema/connections'

type Words = { title: string; description: string }

/** How Front proves for whom it calls, in the order of how usual it is. */
export const AUTH_WORDS: Record<AuthMethod, Words> = {
  api_token: {
    title: 'API token',
    description: 'You make a connect key here; whoever adds the channel in Front pastes it there. The simplest way.',
  },
  oauth: {
    title: 'OAuth, with sign-in',
    description: 'Whoever adds the channel in Front is led here, signs in to Patchbay and agrees. Nothing to paste.',
  },
  none: {
    title: 'None',
    description:
      'Front’s signature alone proves the call. Each channel must be prepared here before Front connects it.',
  },
  api_key: {
    title: 'API key',
    description: 'A connect key, sent in a header of its own.',
  },
  basic: {
    title: 'Basic',
    description: 'A user name and a connect key for each channel, sent with every call.',
  },
  client_credentials: {
    title: 'OAuth client credentials',
    description:
      'Front fetches its tokens by itself: each channel has a client id, and a connect key as client secret.',
  },
  password: {
    title: 'OAuth password',
    description: 'Front exchanges a user name and a connect key for tokens. Old: only where nothing else is offered.',
  },
}

export const SCOPE_WORDS: Record<CredentialScope, Words> = {
  private: { title: 'Private', description: 'Each channel in Front has a connection of its own.' },
  shared: {
    title: 'Shared',
    description: 'One connection serves several channels; Front asks Patchbay which addresses there are.',
  },
}

export const KIND_WORDS: Record<ConnectionKind, string> = {
  key: 'Connect key',
  oauth: 'OAuth sign-in',
  open: 'No key needed',
}

const VARIANT_WORDS: Record<CredentialVariant, string> = {
  bearer: 'as bearer token',
  basic: 'as user name and password (Basic)',
  api_key_header: 'in a header for API keys',
  bare: 'alone in the Authorization header',
}

/** In which form Front showed a credential last. Null until it has. */
export function variantWords(variant: CredentialVariant | null): string | null {
  return variant === null ? null : VARIANT_WORDS[variant]
}

/** Whether Front is given connect keys of such an app. */
export function usesConnectKeys(method: AuthMethod): boolean {
  return method !== 'oauth' && method !== 'none'
}

/** Whether Front fetches tokens from us. */
export function usesTokens(method: AuthMethod): boolean {
  return method === 'oauth' || method === 'client_credentials' || method === 'password'
}

/** What Front calls the name that goes beside a connect key. Null where the key is all. */
export function keyUserWord(method: AuthMethod): string | null {
  if (method === 'client_credentials') return 'Client ID'
  return method === 'basic' || method === 'password' ? 'User name' : null
}
