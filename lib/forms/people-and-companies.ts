import { z } from 'zod'
import { ROLES } from '#db/schema/users'
import { AppError } from '#lib/errors'
import { storableText } from '#lib/http/storable'
import { passwordFault } from '#lib/password-strength'

export const DEFAULT_FRONT_BASE_URL = 'https://api2.frontapp.com'

const line = (what: string, max: number) =>
  z
    .string({ error: `Give ${what}.` })
    .transform((text) => storableText(text).trim())
    .pipe(z.string().min(1, `Give ${what}.`).max(max, `Keep ${what} under ${max} characters.`))

export const emailField = line('an e-mail address', 254).pipe(z.email('This is not an e-mail address.'))
export const roleField = z.enum(ROLES, { error: 'Choose a role.' })
export const personFields = { email: emailField, name: line('a name', 100) }

export const companyFields = {
  name: line('a company name', 100),
  frontBaseUrl: line('the address of the API', 300)
    .pipe(z.url({ protocol: /^https?$/, error: 'This is not a web address.' }))
    .transform((url) => url.replace(/\/+$/, '')),
}

/** A pasted secret: empty means none given. */
export const secretField = z
  .string()
  .default('')
  .transform((text) => storableText(text).trim() || null)
  .pipe(z.string().max(4000, 'This is too long for a token.').nullable())

/** @throws AppError `invalid_input` on the field `password` */
export function refuseWeakPassword(password: string, related: string[]): void {
  const fault = passwordFault(password, related)
  if (fault) throw new AppError('invalid_input', fault, { details: [{ path: 'password', message: fault }] })
}
