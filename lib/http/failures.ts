/** Postgres: connection trouble, shutting down, starting up, out of connections, read-only after a failover. */
const OUTAGE_SQLSTATE = /^(08...|57P0[1-5]|53300|25006)$/
const OUTAGE_CODES = new Set([
  ...['CONNECT_TIMEOUT', 'CONNECTION_CLOSED', 'CONNECTION_ENDED', 'CONNECTION_DESTROYED'],
  ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
])

/** Whether the database could not be reached, as against a statement that was wrong. */
export function isDatabaseOutage(error: unknown): boolean {
  return causes(error).some((cause) => {
    const code = codeOf(cause)
    return code !== undefined && (OUTAGE_CODES.has(code) || OUTAGE_SQLSTATE.test(code))
  })
}

/** Whether Postgres itself broke a statement off, so that nothing of it is done. After a lost connection nobody knows. */
export function isUndone(error: unknown): boolean {
  const isPostgres = causes(error).some((cause) => cause instanceof Error && cause.name === 'PostgresError')
  return isPostgres && !isDatabaseOutage(error)
}

const QUERY_CANCELED = '57014'

/** Whether the database broke a statement off, such as one that ran into its time limit. */
export function isCanceledQuery(error: unknown): boolean {
  return causes(error).some((cause) => codeOf(cause) === QUERY_CANCELED)
}

/**
 * An unexpected error for the log. A failed query's own message lists its parameters, which hold people's messages, so
 * only the innermost cause speaks.
 */
export function describeError(error: unknown): Record<string, unknown> {
  const root = causes(error).at(-1)
  if (!(root instanceof Error)) return { error: typeof root }
  const frames = (root.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return { name: root.name, code: codeOf(root), message: root.message.slice(0, 500), stack: frames.slice(0, 8) }
}

function causes(error: unknown): unknown[] {
  const chain = [error]
  for (let next = error; next instanceof Error && next.cause !== undefined && chain.length < 8; ) {
    next = next.cause
    chain.push(next)
  }
  return chain
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
