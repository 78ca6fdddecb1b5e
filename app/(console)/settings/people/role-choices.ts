import { ROLES } from '#db/schema/users'
import { ROLE_WORDS } from '#lib/roles'

/** The roles as cards, each with what it allows. */
export const ROLE_CHOICES = ROLES.map((role) => ({
  value: role,
  title: role.replace(/^./, (letter) => letter.toUpperCase()),
  description: ROLE_WORDS[role],
}))
