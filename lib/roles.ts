import { ROLES, type Role } from '#db/schema/users'

/** Whether a role may do what `needed` may: owner, admin, support, viewer, each more than the next. */
export function atLeastRole(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) <= ROLES.indexOf(needed)
}

export const ROLE_WORDS: Record<Role, string> = {
  owner: 'Everything, people included',
  admin: 'Channels, keys and Front companies',
  support: 'Retries, discards and pauses',
  viewer: 'Reads only',
}
