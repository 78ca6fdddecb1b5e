import { AppError } from '#lib/errors'

/** One line for what we expect to go wrong; a bug shows where it happened. */
export function reportFailure(error: unknown): void {
  const isBug = !(error instanceof AppError)
  const text = isBug && error instanceof Error ? error.stack : String(error instanceof Error ? error.message : error)
  process.stderr.write(`${text}\n`)
}
