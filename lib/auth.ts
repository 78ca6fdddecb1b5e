import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { AuthOptions } from 'next-auth'
import type { JWT } from 'next-auth/jwt'
import { getServerSession } from 'next-auth/next'
import { cache } from 'react'
import { findSessionUser } from '#db/queries/users'
import type { Role } from '#db/schema/users'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { AppError } from '#lib/errors'
import { needsSetUp } from '#lib/flows/set-up'
import { noteSignIn } from '#lib/flows/sign-in'
import { identityProviders, knownPerson } from '#lib/identity-providers'
import { log } from '#lib/log'
import { atLeastRole } from '#lib/roles'
import { encodeSession, IDLE_S, readClaims, seconds, sessionCookie, sessionSecret } from '#lib/sessions'

export type SessionUser = { id: string; email: string; name: string; role: Role }

/** The address that proxy.ts saw, so that a person comes back to it after signing in. */
export const PATH_HEADER = 'x-patchbay-path'

export function authOptions(): AuthOptions {
  // next-auth reads its own address from the environment alone. It is ours to set: the same as PUBLIC_URL.
  process.env.NEXTAUTH_URL = `${env().PUBLIC_URL}/api/auth`
  return {
    secret: sessionSecret(env()),
    session: { strategy: 'jwt', maxAge: IDLE_S },
    cookies: { sessionToken: sessionCookie(env()) },
    useSecureCookies: env().PUBLIC_URL.startsWith('https:'),
    pages: { signIn: '/login', signOut: '/login', error: '/login', verifyRequest: '/login', newUser: '/' },
    providers: identityProviders(env()),
    callbacks: {
      signIn: async ({ profile }) => (await knownPerson(db(), profile)) !== null,
      // `account` is there only at the moment of signing in through another provider.
      jwt: async ({ token, account, profile }) => (account ? enterByProvider(profile) : token),
      session: ({ session, token }) => ({ ...session, user: {}, claims: readClaims(token, new Date()) }),
    },
    // An expired or foreign cookie is nothing to report.
    logger: {
      error: (code, detail) => code !== 'JWT_SESSION_ERROR' && log('warn', 'sign_in.failed', { code, detail }),
      warn: () => {},
      debug: () => {},
    },
  }
}

async function enterByProvider(profile: unknown): Promise<JWT> {
  const person = await knownPerson(db(), profile)
  if (!person) throw new Error('Nobody here is known by this e-mail.')
  await noteSignIn(db(), person, new Date())
  return { userId: person.id, epoch: person.sessionEpoch, startedAt: seconds(new Date()) }
}

/** The signed-in person as the database knows them now; null when nobody is, or the session has been ended. */
export const currentUser = cache(async (): Promise<SessionUser | null> => {
  const session = await getServerSession(authOptions())
  const claims = session && 'claims' in session ? readClaims(session.claims, new Date()) : null
  return claims && findSessionUser(db(), claims)
})

/**
 * Whoever is signed in, for pages and actions. Signed out: on to `/login` (or to `/setup` while nobody has an account)
 * and back later.
 * @throws AppError `forbidden` when the person's role is lower
 */
export async function requireUser(atLeast: Role): Promise<SessionUser> {
  const user = await currentUser()
  if (!user) redirect((await needsSetUp(db())) ? '/setup' : await loginAddress())
  if (!atLeastRole(user.role, atLeast)) {
    throw new AppError('forbidden', `This needs the role “${atLeast}” or higher. Yours is “${user.role}”.`)
  }
  return user
}

async function loginAddress(): Promise<string> {
  const path = (await headers()).get(PATH_HEADER)
  return path && path !== '/' ? `/login?next=${encodeURIComponent(path)}` : '/login'
}

/** Signs a person in on this browser. Only in an action or a route, where cookies can be set. */
export async function startSession(user: { id: string; sessionEpoch: number }): Promise<void> {
  const { name, options } = sessionCookie(env())
  const claims = { userId: user.id, epoch: user.sessionEpoch, startedAt: seconds(new Date()) }
  const token = await encodeSession(claims, sessionSecret(env()))
  const jar = await cookies()
  jar.set(name, token, { ...options, maxAge: IDLE_S })
}

/** Signs this browser out. */
export async function endSession(): Promise<void> {
  const { name, options } = sessionCookie(env())
  const jar = await cookies()
  jar.set(name, '', { ...options, maxAge: 0 })
}
