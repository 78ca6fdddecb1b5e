const UNIQUE_VIOLATION = '23505'

/** Whether the database refused a row because an index of this name has one like it already. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  const cause = error instanceof Error && error.cause ? error.cause : error
  if (typeof cause !== 'object' || cause === null || !('code' in cause) || !('constraint_name' in cause)) return false
  return cause.code === UNIQUE_VIOLATION && cause.constraint_name === index
}
