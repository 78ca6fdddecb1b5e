import type { Database, Transaction } from '#db/client'
import { limitStatements } from '#db/queries/time-limits'
import { AppError } from '#lib/errors'
import { isCanceledQuery } from '#lib/http/failures'
import type { TimeLimit } from '#lib/http/time-limit'

/**
 * A transaction that is all done before a time limit or not done at all: whoever waits for it is told that it failed by
 * then, so it must not be committed later.
 * @throws AppError `timed_out`
 */
export async function beforeDeadline<T>(
  db: Database,
  { leftMs }: TimeLimit,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction(async (tx) => {
      if (leftMs() <= 0) throw tooLate()
      await limitStatements(tx, leftMs())
      const result = await work(tx)
      if (leftMs() <= 0) throw tooLate()
      return result
    })
  } catch (error) {
    throw isCanceledQuery(error) ? tooLate(error) : error
  }
}

/** What a call is told that was not stored in time. */
export function tooLate(cause?: unknown): AppError {
  return new AppError(
    'timed_out',
    'Patchbay could not store this in time, so nothing was sent. Try again in a moment.',
    {
      cause,
    },
  )
}
