import type { Profile } from 'next-auth'
import type { OAuthConfig, Provider } from 'next-auth/providers/index'
import { z } from 'zod'
import type { Db } from '#db/client'
import { findUserByEmail, type User } from '#db/queries/users'
import type { Env } from '#lib/env'

type Client = { clientId: string; clientSecret: string }
type Issuer = Client & { id: string; name: string; issuer: string }
type Claims = Profile & { email_verified?: boolean }

const githubEmails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }))
const verifiedClaims = z.object({ email: z.email(), email_verified: z.literal(true) })

/** The other ways to sign in that the environment names; a pair of client id and secret switches one on. */
export function identityProviders(env: Env): Provider[] {
  const google = clientOf(env.GOOGLE_CLIENT_ID, env.GOOGLE_CLIENT_SECRET)
  const github = clientOf(env.GITHUB_CLIENT_ID, env.GITHUB_CLIENT_SECRET)
  const oidc = clientOf(env.OIDC_CLIENT_ID, env.OIDC_CLIENT_SECRET)
  return [
    ...(google
      ? [openIdConnect({ id: 'google', name: 'Google', issuer: 'https://accounts.google.com', ...google })]
      : []),
    ...(github ? [gitHub(github)] : []),
    ...(oidc && env.OIDC_ISSUER
      ? [openIdConnect({ id: 'oidc', name: env.OIDC_NAME, issuer: env.OIDC_ISSUER, ...oidc })]
      : []),
  ]
}

/** Another provider vouches for an e-mail; whoever has an account here under it, and is not switched off, may enter. */
export async function knownPerson(db: Db, profile: unknown): Promise<User | null> {
  const claims = verifiedClaims.safeParse(profile)
  if (!claims.success) return null
  const user = await findUserByEmail(db, claims.data.email)
  return user && !user.disabledAt ? user : null
}

function openIdConnect({ id, name, issuer, clientId, clientSecret }: Issuer): OAuthConfig<Claims> {
  return {
    id,
    name,
    type: 'oauth',
    wellKnown: `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
    authorization: { params: { scope: 'openid email profile' } },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    clientId,
    clientSecret,
    profile: (claims) => ({ id: claims.sub ?? '', name: claims.name, email: claims.email }),
  }
}

// GitHub's profile does not say whether an address is verified; its list of addresses does.
function gitHub({ clientId, clientSecret }: Client): OAuthConfig<Claims> {
  return {
    id: 'github',
    name: 'GitHub',
    type: 'oauth',
    authorization: { url: 'https://github.com/login/oauth/authorize', params: { scope: 'user:email' } },
    token: 'https://github.com/login/oauth/access_token',
    userinfo: {
      url: 'https://api.github.com/user/emails',
      request: async ({ tokens, client }) => {
        const answer = await client.requestResource('https://api.github.com/user/emails', tokens.access_token ?? '')
        const emails = githubEmails.parse(JSON.parse(answer.body?.toString() ?? '[]'))
        const primary = emails.find((entry) => entry.primary)
        return { sub: primary?.email ?? '', email: primary?.email, email_verified: primary?.verified === true }
      },
    },
    checks: ['pkce', 'state'],
    clientId,
    clientSecret,
    profile: (claims) => ({ id: claims.sub ?? '', email: claims.email }),
  }
}

function clientOf(clientId: string | undefined, clientSecret: string | undefined): Client | null {
  return clientId && clientSecret ? { clientId, clientSecret } : null
}
