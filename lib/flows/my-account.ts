import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { takeTurn } from '#db/queries/throttles'
import { findUserById, raiseSessionEpoch, updateUser } from '#db/queries/users'
import { AppError } from '#lib/errors'
import { signInThrottleKey } from '#lib/flows/sign-in'
import { refuseWeakPassword } from '#lib/forms/people-and-companies'
import { hashPassword, verifyPassword } from '#lib/passwords'
import { inWords } from '#lib/wait-words'

export async function renameMyself(db: Database, { userId, name }: { userId: string; name: string }): Promise<void> {
  await db.transaction(async (tx) => {
    const user = await updateUser(tx, userId, { name })
    if (!user) throw new AppError('not_found', 'There is no such person.')
    await recordAuditEvent(tx, { actor: user.email, action: 'user.rename', subjectId: userId })
  })
}

type PasswordChange = { userId: string; current: string; password: string }

/**
 * Changes one's own password and ends every session. The new epoch, so that the session which asked can go on.
 * @throws AppError `unauthenticated` when the present password is wrong; `invalid_input` when the new one is weak;
 * `rate_limited` after too many tries, counted with those of the sign-in page
 */
export async function changeMyPassword(db: Database, { userId, current, password }: PasswordChange): Promise<number> {
  const user = await findUserById(db, userId)
  if (!user) throw new AppError('not_found', 'There is no such person.')
  const turn = await takeTurn(db, { key: signInThrottleKey(user.email), everyMs: 60_000, burst: 5 })
  if (!turn.allowed) throw new AppError('rate_limited', `Too many tries. Try again in ${inWords(turn.waitS)}.`)
  if (!(await verifyPassword(user.passwordHash, current))) {
    const message = 'This is not your present password.'
    throw new AppError('unauthenticated', message, { details: [{ path: 'current', message }] })
  }
  refuseWeakPassword(password, [user.email, user.name])
  const passwordHash = await hashPassword(password)
  return db.transaction(async (tx) => {
    await updateUser(tx, userId, { passwordHash })
    const epoch = await raiseSessionEpoch(tx, userId)
    await recordAuditEvent(tx, { actor: user.email, action: 'user.change_password', subjectId: userId })
    return epoch
  })
}
