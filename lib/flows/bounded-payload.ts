const LONGEST = 20_000

/** What somebody told us, for the audit trail: whole, or when it is long its beginning as text. */
export function boundedPayload(payload: unknown): unknown {
  const text = JSON.stringify(payload) ?? 'null'
  return text.length <= LONGEST ? payload : { beginning: text.slice(0, LONGEST).toWellFormed() }
}
