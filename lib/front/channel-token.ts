import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { FrontAccess } from '#lib/front/transport'

/** Front refuses a token that ends later than this after the request was sent. */
export const LONGEST_LIFETIME_S = 30
/** Leaves ten seconds either way for clocks that differ. */
export const DEFAULT_LIFETIME_S = 20

const ALGORITHM = 'HS256'

/** A Front app: its UID, and its app secret, which is not the OAuth client secret. */
export type FrontApp = { uid: string; secret: string }

export type NewChannelToken = {
  app: FrontApp
  /** `cha_...`, the one channel that the token opens. */
  channelId: string
  now: Date
  /** Random and never used again. */
  jti: string
  lifetimeS?: number
}

/**
 * A JWT that opens one application channel in Front's API: HS256 with the app secret's text as the key. Mint one for
 * each request, just before it is sent.
 * @throws RangeError for a lifetime that Front would refuse, and for an app without a secret: both are bugs
 * @see https://dev.frontapp.com/docs/application-channels (JWT for channel requests)
 */
export function mintChannelToken({
  app,
  channelId,
  now,
  jti,
  lifetimeS = DEFAULT_LIFETIME_S,
}: NewChannelToken): Promise<string> {
  if (!(lifetimeS > 0 && lifetimeS <= LONGEST_LIFETIME_S)) {
    throw new RangeError(`A channel token lives for 1 to ${LONGEST_LIFETIME_S} seconds, not ${lifetimeS}.`)
  }
  if (app.secret === '') throw new RangeError('A channel token cannot be signed without the app secret.')
  const exp = Math.floor(now.getTime() / 1000 + lifetimeS)
  return new SignJWT({ iss: app.uid, jti, sub: channelId, exp })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .sign(toKey(app.secret))
}

/** Access for one request about one channel. Good for Front's Channel API and for `/messages/...` and `/conversations/...`. */
export async function channelAccess({
  baseUrl,
  ...token
}: NewChannelToken & Pick<FrontAccess, 'baseUrl'>): Promise<FrontAccess> {
  return { baseUrl, token: await mintChannelToken(token) }
}

export type ChannelTokenClaims = { iss: string; sub: string; jti: string; exp: number }

export type ChannelTokenFault =
  | 'malformed'
  | 'wrong_algorithm'
  | 'unknown_issuer'
  | 'bad_signature'
  | 'missing_claim'
  | 'expired'
  | 'lives_too_long'

export type ChannelTokenVerdict = { ok: true; claims: ChannelTokenClaims } | { ok: false; reason: ChannelTokenFault }

const id = z.string().min(1)
const channelTokenClaims = z.object({ iss: id, sub: id, jti: id, exp: z.number() })

/**
 * Front's side of the token: who asks, for which channel, until when. Strict, without leeway for clocks. That `sub` is the
 * channel of the path, and that `jti` is new, is for the caller to check.
 */
export async function verifyChannelToken(
  token: string,
  { secretOf, now }: { secretOf: (uid: string) => string | null | Promise<string | null>; now: Date },
): Promise<ChannelTokenVerdict> {
  try {
    const issuer = decodeJwt(token).iss
    if (typeof issuer !== 'string') return { ok: false, reason: 'missing_claim' }
    const secret = await secretOf(issuer)
    if (!secret) return { ok: false, reason: 'unknown_issuer' }
    const { payload } = await jwtVerify(token, toKey(secret), { algorithms: [ALGORITHM], currentDate: now })
    const claims = channelTokenClaims.safeParse(payload)
    if (!claims.success) return { ok: false, reason: 'missing_claim' }
    const livesMs = claims.data.exp * 1000 - now.getTime()
    if (livesMs > LONGEST_LIFETIME_S * 1000) return { ok: false, reason: 'lives_too_long' }
    return { ok: true, claims: claims.data }
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    return { ok: false, reason: toFault(error) }
  }
}

function toFault(error: errors.JOSEError): ChannelTokenFault {
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'wrong_algorithm'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature'
  return 'malformed'
}

function toKey(secret: string): Uint8Array {
  return new TextEncoder().encode(secret)
}
