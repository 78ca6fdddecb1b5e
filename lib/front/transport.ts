/** One call to Front, ready to send. A form is built anew for every attempt, since a form can be read only once. */
export type FrontRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  url: string
  headers: Record<string, string>
  body: string | FormData | null
}

/** Header names are lower case. `body` is text, possibly cut where the transport has a limit. */
export type FrontAnswer = { status: number; headers: Record<string, string>; body: string }

/** `failed`: no complete answer came; `message` says why in plain words. */
export type FrontOutcome = { kind: 'answered'; answer: FrontAnswer } | { kind: 'failed'; message: string }

/** Sends one request and never throws for what the network or Front does. */
export type SendToFront = (request: FrontRequest) => Promise<FrontOutcome>

/** Where a company's Front is, and the token that opens it. */
export type FrontAccess = {
  /** Without a slash at its end, such as `https://api2.frontapp.com`. */
  baseUrl: string
  token: string
}
