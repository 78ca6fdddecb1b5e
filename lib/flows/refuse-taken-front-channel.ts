import { AppError } from '#lib/errors'
import { isUniqueViolation } from '#lib/flows/unique-violation'

/** Turns the database's refusal of a second channel with the same Front id into words. */
export async function refuseTakenFrontChannel<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isUniqueViolation(error, 'channels_front_channel')) throw error
    const message = 'Another channel of this company is connected to that Front channel already.'
    throw new AppError('conflict', message, { cause: error, details: [{ path: 'frontChannelId', message }] })
  }
}
