import { AppError } from '#lib/errors'

const UNIQUE_VIOLATION = '23505'

/** Turns the database's refusal of a second channel with the same Front id into words. */
export async function refuseTakenFrontChannel<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isTaken(error)) throw error
    const message = 'Another channel of this company is connected to that Front channel already.'
    throw new AppError('conflict', message, { cause: error, details: [{ path: 'frontChannelId', message }] })
  }
}

function isTaken(error: unknown): boolean {
  const cause = error instanceof Error && error.cause ? error.cause : error
  if (typeof cause !== 'object' || cause === null || !('code' in cause) || !('constraint_name' in cause)) return false
  return cause.code === UNIQUE_VIOLATION && cause.constraint_name === 'channels_front_channel'
}
