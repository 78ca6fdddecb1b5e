type FrontErrorOptions = { details?: string[]; headers?: Record<string, string> }

/** A refusal in Front's own shape. */
export class FrontError extends Error {
  override readonly name = 'FrontError'
  readonly status: number
  readonly title: string
  readonly details: string[]
  readonly headers: Record<string, string>

  constructor(status: number, title: string, message: string, options: FrontErrorOptions = {}) {
    super(message)
    this.status = status
    this.title = title
    this.details = options.details ?? []
    this.headers = options.headers ?? {}
  }

  toResponse(): Response {
    const details = this.details.length > 0 ? { details: this.details } : {}
    // Front answers unparsable JSON without status and title.
    const known = this.title === '' ? {} : { status: this.status, title: this.title }
    return Response.json(
      { _error: { ...known, message: this.message, ...details } },
      { status: this.status, headers: this.headers },
    )
  }
}

export function badFields(details: string[]): FrontError {
  return new FrontError(400, 'Bad request', 'Body did not satisfy requirements', { details })
}

export function unknownId(resource: string, id: string): FrontError {
  return new FrontError(404, 'Not found', `Unknown ${resource} ID ${id}`)
}

export function unknownRoute(): FrontError {
  return new FrontError(404, 'Not found', 'No such route.')
}

export function unauthenticated(): FrontError {
  return new FrontError(401, 'Unauthenticated', 'JSON Web Token error')
}

export function forbidden(message: string): FrontError {
  return new FrontError(403, 'Forbidden', message)
}

export function serverError(status: number): FrontError {
  return new FrontError(status, status === 503 ? 'Service unavailable' : 'Internal server error', 'Please try again')
}

type TooMany = { tier: 'global' | 'burst'; waitMs: number; retryAfter: 'seconds' | 'date'; now: Date }

/** The company's own limit, or the burst limit of one kind of route, with `Retry-After` in either form. */
export function tooManyRequests({ tier, waitMs, retryAfter, now }: TooMany): FrontError {
  const waitS = Math.ceil(waitMs / 1000)
  const until = new Date(Math.ceil((now.getTime() + waitMs) / 1000) * 1000)
  const headers = { 'retry-after': retryAfter === 'date' ? until.toUTCString() : String(waitS) }
  if (tier === 'global') {
    const message = `Rate limit exceeded. Please retry in ${waitMs} milliseconds.`
    return new FrontError(429, 'Too many requests', message, { headers: { ...headers, 'x-ratelimit-remaining': '0' } })
  }
  const message = `Rate limit exceeded for tier-2 route. Please retry in ${waitMs} milliseconds.`
  return new FrontError(429, 'Too many requests', message, { headers: { ...headers, 'x-front-tier': '2' } })
}
