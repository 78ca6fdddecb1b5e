/** Every refusal we expect, with the HTTP status that a public endpoint answers it with. */
const STATUS = {
  bad_request: 400,
  bad_signature: 401,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  timed_out: 408,
  rate_limited: 429,
  receive_only: 422,
  application_only: 422,
  channel_disabled: 409,
  upstream_refused: 502,
  unavailable: 503,
} as const

export type AppErrorCode = keyof typeof STATUS

/** One thing that is wrong with an input: `path` as the caller wrote it, such as `sender.handle`. */
export type ErrorDetail = { path: string; message: string }

type AppErrorOptions = { details?: ErrorDetail[]; retryAfterS?: number; cause?: unknown }

/**
 * A refusal that we expect and can explain. The message is a sentence a person can act on and holds no secret.
 * Anything else that is thrown is a bug.
 */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: AppErrorCode
  readonly details: ErrorDetail[]
  readonly retryAfterS: number | undefined

  constructor(code: AppErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.details = options.details ?? []
    this.retryAfterS = options.retryAfterS
  }

  get status(): number {
    return STATUS[this.code]
  }
}
