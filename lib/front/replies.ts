import type { AppErrorCode } from '#lib/errors'

/** What Front shows as the reason of a message that could not be sent. The codes map one to one to HTTP statuses. */
export const FRONT_ERROR_STATUSES = {
  bad_request: 400,
  authentication_required: 401,
  forbidden: 403,
  not_found: 404,
  request_timeout: 408,
  too_many_requests: 429,
  internal_error: 500,
} as const
export type FrontErrorCode = keyof typeof FRONT_ERROR_STATUSES

/** `ok`: every typed error of a call that we could verify and read has status 200, as Front documents it. `matching`: its own. */
export type ErrorStatusMode = 'ok' | 'matching'

const CODES: Record<AppErrorCode, FrontErrorCode> = {
  bad_request: 'bad_request',
  invalid_input: 'bad_request',
  payload_too_large: 'bad_request',
  unsupported_media_type: 'bad_request',
  method_not_allowed: 'bad_request',
  receive_only: 'bad_request',
  application_only: 'bad_request',
  conflict: 'bad_request',
  bad_signature: 'authentication_required',
  unauthenticated: 'authentication_required',
  forbidden: 'forbidden',
  channel_disabled: 'forbidden',
  not_found: 'not_found',
  gone: 'not_found',
  timed_out: 'request_timeout',
  rate_limited: 'too_many_requests',
  upstream_refused: 'internal_error',
  unavailable: 'internal_error',
}

/** Front's word for one of our refusals; whatever is no refusal is `internal_error`. */
export function frontErrorCode(code: string): FrontErrorCode {
  return Object.hasOwn(CODES, code) ? CODES[code as AppErrorCode] : 'internal_error' // own keys are its codes
}

type Refused = { code: string; message: string }

/**
 * A typed error as Front reads it: status and body. `isRead` says that the call was verified and understood; one that
 * was not always has its own status.
 */
export function frontError(
  { code, message }: Refused,
  { mode, isRead }: { mode: ErrorStatusMode; isRead: boolean },
): { status: number; body: { type: FrontErrorCode; message: string } } {
  const type = frontErrorCode(code)
  return { status: isRead && mode === 'ok' ? 200 : FRONT_ERROR_STATUSES[type], body: { type, message } }
}

/** F2: where Front posts the messages of this channel from now on. */
export function authorized(webhookUrl: string) {
  return { type: 'success' as const, webhook_url: webhookUrl }
}

/** F3. `nextPageToken` is null on the last page. */
export function addressList(addresses: readonly { address: string; name: string }[], nextPageToken: string | null) {
  const pagination = nextPageToken === null ? {} : { pagination: { next_page_token: nextPageToken } }
  return {
    type: 'success' as const,
    addresses: addresses.map(({ address, name }) => ({ address, name })),
    ...pagination,
  }
}

/** F4 and F5: the ids by which Front names the message and its conversation toward us from now on. */
export function taken(ids: { externalId: string; externalConversationId: string }) {
  return { type: 'success' as const, external_id: ids.externalId, external_conversation_id: ids.externalConversationId }
}

/** F6, F7 and events that nobody knows. */
export const ACKNOWLEDGED = { type: 'success' as const }
