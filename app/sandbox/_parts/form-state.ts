import type { z } from 'zod'
import { AppError } from '#lib/errors'

/** What a form of the sandbox gets back: what was typed, so that nothing is lost, and what was wrong. */
export type FormState = { ok?: string; error?: string; values?: Record<string, string> }

/** Runs a form's work; an expected refusal comes back as text, a bug goes on. */
export async function attempt(form: FormData, work: () => Promise<string | undefined>): Promise<FormState> {
  try {
    const ok = await work()
    return ok === undefined ? {} : { ok }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { error: error.message, values: typedValues(form) }
  }
}

/**
 * Reads a form by its schema.
 * @throws AppError `invalid_input` with the first thing that is wrong
 */
export function parseForm<T extends z.ZodType>(schema: T, form: FormData): z.infer<T> {
  const parsed = schema.safeParse(Object.fromEntries(form))
  if (parsed.success) return parsed.data
  throw new AppError('invalid_input', parsed.error.issues[0]?.message ?? 'Something is missing.')
}

function typedValues(form: FormData): Record<string, string> {
  return Object.fromEntries([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
}
