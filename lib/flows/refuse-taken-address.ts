import { AppError } from '#lib/errors'
import { isUniqueViolation } from '#lib/flows/unique-violation'

/** Turns the database's refusal of a second connection with the same address into words. */
export async function refuseTakenAddress<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isUniqueViolation(error, 'connections_address')) throw error
    const message = 'Another connection of this app has that address already.'
    throw new AppError('conflict', message, { cause: error, details: [{ path: 'address', message }] })
  }
}
