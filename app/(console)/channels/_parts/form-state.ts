import type { z } from 'zod'
import { fieldProblems } from '#lib/channels/settings'
import { AppError } from '#lib/errors'

/** What a form's action answers. `values` go back into the fields, since a form is emptied after its action. */
export type FormState = {
  ok: boolean
  message: string
  errors: Record<string, string>
  values: Record<string, string>
  /** Makes two equal answers in a row two answers. */
  at: number
}

const LOOK_AGAIN = 'Some fields need another look.'

export function done(message: string, form: FormData): FormState {
  return { ok: true, message, errors: {}, values: textsOf(form), at: Date.now() }
}

export function refuse(message: string, form: FormData, errors: Record<string, string> = {}): FormState {
  return { ok: false, message, errors, values: textsOf(form), at: Date.now() }
}

export function refuseFields(error: z.core.$ZodError, form: FormData): FormState {
  return refuse(LOOK_AGAIN, form, fieldProblems(error))
}

/** An expected refusal as state; anything else is a bug and goes on up. */
export function refuseError(error: unknown, form: FormData): FormState {
  if (!(error instanceof AppError)) throw error
  const errors = Object.fromEntries(error.details.map(({ path, message }) => [path, message]))
  // With fields to point at, the fields say it.
  return refuse(error.details.length > 0 ? LOOK_AGAIN : error.message, form, errors)
}

/** Texts only, and never the value of a header: it may be a credential. */
function textsOf(form: FormData): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, value] of form) if (typeof value === 'string' && name !== 'headerValue') texts[name] = value
  return texts
}
