import { findSandboxApp, type SandboxApp, spendSandboxTokenId } from '#db/queries/sandbox-apps'
import { findSandboxChannel } from '#db/queries/sandbox-channels'
import { type ChannelTokenFault, verifyChannelToken } from '#lib/front/channel-token'
import type { SandboxDeps } from '#lib/sandbox/deps'
import type { SandboxChannel } from '#lib/sandbox/front/resources'
import { isSandboxToken } from '#lib/sandbox/identity'
import { unseal } from '#lib/secrets'

/** Who calls the sandbox's API: the company with its API token, or an app on behalf of one channel with a JWT. */
export type Caller = { kind: 'company' } | { kind: 'channel'; channel: SandboxChannel; app: SandboxApp }

/** `why` is told to whoever reads the sandbox's log, never in Front's own answer. */
type Verdict = Caller | { kind: 'stranger' } | { kind: 'refused'; why: string }

const FAULTS: Record<ChannelTokenFault, string> = {
  malformed: 'The channel token is no JWT.',
  wrong_algorithm: 'The channel token is not signed with HS256.',
  unknown_issuer: 'The channel token names no app of this Front.',
  bad_signature: 'The channel token is not signed with the secret of its app. The OAuth client secret is another one.',
  missing_claim: 'The channel token lacks iss, sub, jti or exp.',
  expired: 'The channel token has ended.',
  lives_too_long: 'The channel token lives longer than 30 seconds.',
}

/** Reads a bearer token. A channel token is spent by this: it is good for one call. */
export async function findCaller(bearer: string, { db, keys, now }: SandboxDeps): Promise<Verdict> {
  if (isSandboxToken(bearer, keys)) return { kind: 'company' }
  const found: { app?: SandboxApp } = {}
  const secretOf = async (uid: string) => {
    const app = await findSandboxApp(db, uid)
    if (app) found.app = app
    return app ? unseal(app.secretSealed, keys) : null
  }
  const verdict = await verifyChannelToken(bearer, { secretOf, now })
  const { app } = found
  if (!app) return { kind: 'stranger' }
  if (!verdict.ok) return refused(FAULTS[verdict.reason])
  const { sub, jti, exp } = verdict.claims
  const isNew = await spendSandboxTokenId(db, { appUid: app.uid, jti, expiresAt: new Date(exp * 1000), now })
  if (!isNew) return refused('The jti of the channel token was used before.')
  const channel = await findSandboxChannel(db, sub)
  if (channel?.id !== sub || channel.appUid !== app.uid)
    return refused('The app has no channel that is the token’s sub.')
  return { kind: 'channel', channel, app }
}

function refused(why: string): Verdict {
  return { kind: 'refused', why }
}
