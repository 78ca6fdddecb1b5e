/** Why no complete answer came, as one word that pages explain and filters use. */
export type HttpErrorClass =
  | 'bad_url'
  | 'blocked_address'
  | 'dns'
  | 'refused'
  | 'timeout_connect'
  | 'tls'
  | 'reset'
  | 'timeout_answer'
  | 'truncated'
  | 'unexpected_answer'

export type HttpRequest = {
  method: string
  url: string
  headers: Record<string, string>
  body: string | Uint8Array | FormData | null
}

/** Header names are lower case; several values of one name are joined by a comma. */
export type HttpAnswer = {
  status: number
  headers: Record<string, string>
  /** The beginning of the body as text. */
  body: string
  /** How many bytes of the body came. */
  bytes: number
  /** The body went on beyond what was kept. */
  cut: boolean
}

export type HttpFailure = {
  code: HttpErrorClass
  /** One sentence in plain words. */
  message: string
  /** The request may have been taken: bytes of it left us and no refusing status came back. */
  mayHaveArrived: boolean
}

type Taken = {
  durationMs: number
  /** The address that was connected to, null where it came to no connection. */
  ip: string | null
  /** As they were sent: with the boundary of a form. */
  requestHeaders: Record<string, string>
}

/** What became of one HTTP try. With a failure, `answer` is what had come before it broke off. */
export type HttpResult = Taken &
  ({ answer: HttpAnswer; failure: null } | { answer: HttpAnswer | null; failure: HttpFailure })
