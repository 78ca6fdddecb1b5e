import { BlockedAddressError } from '#lib/http/guarded-agent'
import type { HttpErrorClass } from '#lib/http/http-result'

const BY_CODE: Record<string, HttpErrorClass> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EAI_NODATA: 'dns',
  ENODATA: 'dns',
  ESERVFAIL: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  EADDRNOTAVAIL: 'refused',
  EACCES: 'refused',
  UND_ERR_CONNECT_TIMEOUT: 'timeout_connect',
  ETIMEDOUT: 'timeout_connect',
  UND_ERR_INVALID_ARG: 'bad_url',
  UND_ERR_HEADERS_OVERFLOW: 'unexpected_answer',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
}

const TLS_CODE =
  /^(ERR_TLS_|ERR_SSL_|CERT_|EPROTO$|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH|INVALID_CA|ERR_OSSL)/

/** Sorts what undici and Node throw. `started`: the request began to leave; `answering`: a status line had come back. */
export function classifyError(
  error: unknown,
  { started, answering }: { started: boolean; answering: boolean },
): HttpErrorClass {
  if (causes(error).some((cause) => cause instanceof BlockedAddressError)) return 'blocked_address'
  if (answering) return 'truncated'
  const code = causes(error).map(codeOf).find(Boolean) ?? ''
  if (TLS_CODE.test(code)) return 'tls'
  // The parser met something that is not HTTP; an end in mid-sentence is merely an end.
  if (causes(error).some(({ name }) => name === 'HTTPParserError') && code !== 'HPE_INVALID_EOF_STATE') {
    return 'unexpected_answer'
  }
  if (started && code === 'ETIMEDOUT') return 'timeout_answer'
  return BY_CODE[code] ?? (started ? 'reset' : 'refused')
}

const SENTENCES: Record<HttpErrorClass, (host: string) => string> = {
  bad_url: (host) => `The request to ${host} could not be built: an address or a header in it is not valid.`,
  blocked_address: (host) => `${host} leads to a private or reserved address, which may not be called.`,
  dns: (host) => `The name in ${host} could not be looked up.`,
  refused: (host) => `${host} did not take the connection.`,
  timeout_connect: (host) => `${host} did not take the connection in time.`,
  tls: (host) => `The certificate of ${host} was not accepted.`,
  reset: (host) => `The connection to ${host} broke before an answer came.`,
  timeout_answer: (host) => `${host} did not finish its answer in time.`,
  truncated: (host) => `The answer of ${host} broke off in the middle.`,
  unexpected_answer: (host) => `${host} answered with something that is not HTTP.`,
}

/** One sentence about a failure, with the system's own code where it has one. */
export function describeFailure(error: HttpErrorClass, host: string, cause: unknown): string {
  const code = causes(cause).map(codeOf).find(Boolean)
  return code ? `${SENTENCES[error](host)} (${code})` : SENTENCES[error](host)
}

/** An error, what caused it, and what it bundles: a name with several addresses fails with one error for each. */
function causes(error: unknown, depth = 0): Error[] {
  if (!(error instanceof Error) || depth > 5) return []
  const bundled = error instanceof AggregateError ? error.errors : []
  return [error, ...[error.cause, ...bundled].flatMap((cause) => causes(cause, depth + 1))]
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
