import { decode, encode } from 'next-auth/jwt'
import { z } from 'zod'
import type { Env } from '#lib/env'
import { deriveKey } from '#lib/secrets'

/** A session ends after a day without a visit, and after two weeks in any case. */
export const IDLE_S = 24 * 3600
export const LONGEST_S = 14 * 24 * 3600
const RENEW_AFTER_S = 3600

/** What a session token says; whether it still holds is asked of the database at every read. */
export type SessionClaims = { userId: string; epoch: number; startedAt: number }

const claimsSchema = z.object({ userId: z.uuid(), epoch: z.number().int(), startedAt: z.number() })

export function sessionSecret(env: Env): string {
  return deriveKey(Buffer.from(env.PATCHBAY_KEY, 'base64'), 'sessions')
}

/** next-auth's own cookie, so that its code reads what we write. */
export function sessionCookie(env: Env) {
  const secure = env.PUBLIC_URL.startsWith('https:')
  return {
    name: `${secure ? '__Secure-' : ''}next-auth.session-token`,
    options: { httpOnly: true, sameSite: 'lax', path: '/', secure } as const,
  }
}

/** @param claims `startedAt` in seconds since 1970, as in a token's `iat` */
export async function encodeSession(claims: SessionClaims, secret: string): Promise<string> {
  return encode({ token: { ...claims }, secret, maxAge: IDLE_S })
}

/** The claims of a token; null when they are not ours or the session has lasted its longest. */
export function readClaims(token: unknown, now: Date): SessionClaims | null {
  const claims = claimsSchema.safeParse(token)
  if (!claims.success || seconds(now) - claims.data.startedAt > LONGEST_S) return null
  return claims.data
}

/** The same session with a full day ahead of it; null when it is too fresh, too old or not a session at all. */
export async function renewSession(token: string, { secret, now }: { secret: string; now: Date }) {
  const decoded = await decode({ token, secret }).catch(() => null)
  const claims = readClaims(decoded, now)
  if (!decoded || !claims || seconds(now) - Number(decoded.iat) < RENEW_AFTER_S) return null
  return encodeSession(claims, secret)
}

export function seconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000)
}
