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

function typedValues(form: FormData): Record<string, string> {
  return Object.fromEntries([...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
}
