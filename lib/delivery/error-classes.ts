/** Every way an attempt can go wrong, as one word that pages explain and filters use. */
export const ERROR_CLASSES = [
  // before or on the wire
  'bad_url',
  'blocked_address',
  'dns',
  'refused',
  'timeout_connect',
  'tls',
  'reset',
  'timeout_answer',
  'truncated',
  // by the answer
  'rate_limited',
  'credentials',
  'not_found',
  'refused_content',
  'redirect',
  'gone',
  'server_error',
  'unexpected_answer',
  // after it
  'bounced',
  // on our side
  'no_api_token',
  'no_provider_url',
  'channel_archived',
  'message_gone',
  'nothing_to_tell',
  'no_mail_server',
  'may_have_arrived',
  'worker_lost',
  'internal',
] as const

export type ErrorClass = (typeof ERROR_CLASSES)[number]

/** What tells of a target that is not there or not well. The rest is about one message, or about us. */
const TARGET_FAULTS = new Set<ErrorClass>([
  'dns',
  'refused',
  'timeout_connect',
  'tls',
  'reset',
  'timeout_answer',
  'truncated',
  'credentials',
  'not_found',
  'redirect',
  'server_error',
  'unexpected_answer',
])

export function isTargetFault(errorClass: ErrorClass | null): boolean {
  return errorClass !== null && TARGET_FAULTS.has(errorClass)
}
