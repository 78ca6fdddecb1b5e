import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { clearThrottle, takeTurn } from '#db/queries/throttles'
import { findUserByEmail, type User, updateUser } from '#db/queries/users'
import { AppError } from '#lib/errors'
import { addressGroup } from '#lib/http/address-group'
import { verifyPassword } from '#lib/passwords'
import { hashToken } from '#lib/secrets'
import { inWords } from '#lib/wait-words'

/** Five tries at once for an account, then one a minute; more for an address, since an office may share one. */
const PER_ACCOUNT = { everyMs: 60_000, burst: 5 }
const PER_ADDRESS = { everyMs: 15_000, burst: 20 }

type Attempt = { email: string; password: string; address: string; now: Date }

/**
 * Checks an e-mail and password. Every step is the same, and takes the same time, whether or not the person exists.
 * @throws AppError `rate_limited` with the wait; `unauthenticated` when they do not match; `forbidden` when the account
 * is switched off, which only somebody with its password learns
 */
export async function signIn(db: Database, { email, password, address, now }: Attempt): Promise<User> {
  const accountKey = signInThrottleKey(email)
  await takeSignInTurn(db, { key: `sign-in address ${addressGroup(address)}`, ...PER_ADDRESS })
  await takeSignInTurn(db, { key: accountKey, ...PER_ACCOUNT })
  const user = await findUserByEmail(db, email)
  const matches = await verifyPassword(user?.passwordHash ?? null, password)
  if (!user || !matches) throw new AppError('unauthenticated', 'That e-mail and password do not match.')
  if (user.disabledAt) throw new AppError('forbidden', 'This account is switched off. Ask an owner to switch it on.')
  await clearThrottle(db, accountKey)
  await noteSignIn(db, user, now)
  return user
}

/** Writes down that a person came in, by whichever way. */
export async function noteSignIn(db: Database, user: User, now: Date): Promise<void> {
  await db.transaction(async (tx) => {
    await updateUser(tx, user.id, { lastSignedInAt: now })
    await recordAuditEvent(tx, { actor: user.email, action: 'user.sign_in', subjectId: user.id })
  })
}

/** Hashed, so that the table does not collect the e-mails that strangers type. */
export function signInThrottleKey(email: string): string {
  return `sign-in account ${hashToken(email.trim().toLowerCase())}`
}

async function takeSignInTurn(db: Database, limit: Parameters<typeof takeTurn>[1]): Promise<void> {
  const { allowed, waitS } = await takeTurn(db, limit)
  if (allowed) return
  throw new AppError('rate_limited', `Too many tries to sign in. Try again in ${inWords(waitS)}.`, {
    retryAfterS: waitS,
  })
}
