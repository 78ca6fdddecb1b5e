import type { Database, Transaction } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { clearThrottle } from '#db/queries/throttles'
import {
  countActiveOwners,
  findUserById,
  insertUser,
  raiseSessionEpoch,
  type User,
  updateUser,
} from '#db/queries/users'
import type { Role } from '#db/schema/users'
import { AppError } from '#lib/errors'
import { signInThrottleKey } from '#lib/flows/sign-in'
import { refuseWeakPassword } from '#lib/forms/people-and-companies'
import { hashPassword } from '#lib/passwords'

type Change = { userId: string; actor: string }

/** @throws AppError `conflict` when the e-mail is taken; `invalid_input` when the password is weak */
export async function addPerson(
  db: Database,
  person: { email: string; name: string; role: Role; password: string; actor: string },
): Promise<User> {
  const { email, name, role, password, actor } = person
  refuseWeakPassword(password, [email, name])
  const passwordHash = await hashPassword(password)
  return db.transaction(async (tx) => {
    const user = await insertUser(tx, { email, name, role, passwordHash })
    if (!user) throw new AppError('conflict', 'Somebody with this e-mail has an account already.')
    await recordAuditEvent(tx, { actor, action: 'user.add', subjectId: user.id, details: { email, role } })
    return user
  })
}

/** @throws AppError `conflict` when it would leave no owner */
export async function changeRole(db: Database, { userId, role, actor }: Change & { role: Role }): Promise<void> {
  await db.transaction(async (tx) => {
    const user = await findPerson(tx, userId)
    if (user.role === role) return
    if (role !== 'owner') await keepAnOwner(tx, user)
    await updateUser(tx, userId, { role })
    const details = { from: user.role, to: role }
    await recordAuditEvent(tx, { actor, action: 'user.change_role', subjectId: userId, details })
  })
}

/** Switches an account off, which ends its sessions, or on again. @throws AppError `conflict` when it is the last owner's */
export async function switchPerson(
  db: Database,
  { userId, on, actor, now }: Change & { on: boolean; now: Date },
): Promise<void> {
  await db.transaction(async (tx) => {
    const user = await findPerson(tx, userId)
    if (!on) await keepAnOwner(tx, user)
    await updateUser(tx, userId, { disabledAt: on ? null : now })
    if (!on) await raiseSessionEpoch(tx, userId)
    await recordAuditEvent(tx, { actor, action: on ? 'user.enable' : 'user.disable', subjectId: userId })
  })
}

/** Gives a person a new first password and ends their sessions. @throws AppError `invalid_input` when it is weak */
export async function resetPassword(db: Database, { userId, password, actor }: Change & { password: string }) {
  const passwordHash = await hashPassword(password)
  await db.transaction(async (tx) => {
    const user = await findPerson(tx, userId)
    refuseWeakPassword(password, [user.email, user.name])
    await updateUser(tx, userId, { passwordHash })
    await raiseSessionEpoch(tx, userId)
    await clearThrottle(tx, signInThrottleKey(user.email))
    await recordAuditEvent(tx, { actor, action: 'user.reset_password', subjectId: userId })
  })
}

/** Signs a person out everywhere. */
export async function endSessions(db: Database, { userId, actor }: Change): Promise<void> {
  await db.transaction(async (tx) => {
    await findPerson(tx, userId)
    await raiseSessionEpoch(tx, userId)
    await recordAuditEvent(tx, { actor, action: 'user.end_sessions', subjectId: userId })
  })
}

async function findPerson(tx: Transaction, userId: string): Promise<User> {
  const user = await findUserById(tx, userId)
  if (!user) throw new AppError('not_found', 'There is no such person.')
  return user
}

async function keepAnOwner(tx: Transaction, user: User): Promise<void> {
  if (user.role !== 'owner' || user.disabledAt) return
  const owners = await countActiveOwners(tx)
  if (owners > 1) return
  throw new AppError('conflict', 'This is the last owner. Make somebody else an owner first.')
}
