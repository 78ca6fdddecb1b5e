/** A refusal of the OAuth server, as RFC 6749 words it (5.2): a code, a sentence for people, and the HTTP status. */
export class OAuthRefusal extends Error {
  override readonly name = 'OAuthRefusal'
  readonly code: string
  readonly status: number
  readonly retryAfterS: number | undefined

  constructor(
    code: string,
    description: string,
    { status = 400, retryAfterS }: { status?: number; retryAfterS?: number | undefined } = {},
  ) {
    super(description)
    this.code = code
    this.status = status
    this.retryAfterS = retryAfterS
  }
}

/** Whoever does not show the app's client, or a connection's, is told no more than this. */
export function wrongClient(): OAuthRefusal {
  return new OAuthRefusal('invalid_client', 'The client id or secret is not right.', { status: 401 })
}
