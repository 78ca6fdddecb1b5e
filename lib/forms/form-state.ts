import type { z } from 'zod'
import { AppError } from '#lib/errors'

/** What a form's action answers: whether it did it, a sentence, and what is wrong with which field. Fits ConfirmDialog. */
export type FormState = { ok: boolean; message?: string; errors?: Record<string, string> }

export function invalidForm(error: z.ZodError): FormState {
  const errors: Record<string, string> = {}
  for (const issue of error.issues) errors[issue.path.join('.')] ??= issue.message
  const [first] = Object.values(errors)
  return { ok: false, message: first ?? 'Please check the form.', errors }
}

/**
 * Turns an expected refusal into what the form shows.
 * @throws whatever is no AppError: a bug
 */
export function refusal(error: unknown): FormState {
  if (!(error instanceof AppError)) throw error
  const errors = Object.fromEntries(error.details.map(({ path, message }) => [path, message]))
  return { ok: false, message: error.message, errors }
}

/** Runs the one thing that an action does; its refusal comes back as the form's state. */
export async function attempt(done: string, run: () => Promise<unknown>): Promise<FormState> {
  try {
    await run()
    return { ok: true, message: done }
  } catch (error) {
    return refusal(error)
  }
}
