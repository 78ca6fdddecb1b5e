import type { Role } from '#db/schema/users'
import { requireUser, type SessionUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'

/** Whoever is signed in and what they may do with a channel. */
export async function requireRole(
  atLeast: Role,
): Promise<{ user: SessionUser; role: { support: boolean; admin: boolean } }> {
  const user = await requireUser(atLeast)
  return { user, role: { support: atLeastRole(user.role, 'support'), admin: atLeastRole(user.role, 'admin') } }
}
