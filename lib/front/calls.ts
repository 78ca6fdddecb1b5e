import { appendFile, type OutgoingFile } from '#lib/front/form'
import { buildRequest, segment } from '#lib/front/requests'
import type { FrontAccess, FrontRequest } from '#lib/front/transport'

export const INITIAL_CALL_STATUSES = ['queued', 'ringing'] as const
export const CALL_STATUSES = [
  ...INITIAL_CALL_STATUSES,
  ...(['connected', 'hold', 'hangup', 'abandoned', 'missed', 'transferred'] as const),
] as const
export const RECORDING_TYPES = ['call', 'voicemail'] as const
export const SPEAKER_TYPES = ['internal', 'external'] as const

export type CallParty = { handle: string; name?: string }

type AnyCall = {
  external_call_id: string
  initial_status: (typeof INITIAL_CALL_STATUSES)[number]
  /** Milliseconds since 1970. */
  started_at?: number
  /** The call that this one was transferred from: both then share a conversation. */
  parent_external_call_id?: string
  /** The teammate on the line. */
  agent_email_address?: string
}

/** A call as Front keeps it, in Front's own names: `from` for one that came in, `to` for one that went out. */
export type CreateCallBody = AnyCall &
  ({ direction: 'inbound'; from: CallParty } | { direction: 'outbound'; to: CallParty })

export type UpdateCallBody = {
  call_status: (typeof CALL_STATUSES)[number]
  /** Milliseconds since 1970. */
  occurred_at?: number
  agent_email_address?: string
}

/** `start_time_seconds` counts from the beginning of the call. */
export type TranscriptLine = {
  speaker_name: string
  speaker_type: (typeof SPEAKER_TYPES)[number]
  content: string
  start_time_seconds: number
}

/** Names a call by the id that it was created with. */
export type CallAddress = { frontChannelId: string; externalCallId: string }

/**
 * Announces a call (A7). Front requires a parent although only a transfer has one; a call that was not transferred is its
 * own, so that those it is transferred to find its conversation. All calls of A7 are answered by 202.
 */
export function createCallRequest(
  access: FrontAccess,
  { frontChannelId, call }: { frontChannelId: string; call: CreateCallBody },
): FrontRequest {
  const parent = call.parent_external_call_id ?? call.external_call_id
  return buildRequest(access, {
    method: 'POST',
    path: `/channels/${segment(frontChannelId)}/calls`,
    json: { ...call, parent_external_call_id: parent },
  })
}

/** Tells Front what became of a call. */
export function updateCallRequest(
  access: FrontAccess,
  { update, ...address }: CallAddress & { update: UpdateCallBody },
): FrontRequest {
  return buildRequest(access, { method: 'PATCH', path: callPath(address), json: update })
}

/** Adds one recording: a file of a type `audio/...`, under the plain name `attachments`. Build it anew for every attempt. */
export function addCallRecordingRequest(
  access: FrontAccess,
  { file, recordingType, ...address }: CallAddress & { file: OutgoingFile; recordingType: RecordingType },
): FrontRequest {
  const body = new FormData()
  body.append('recording_type', recordingType)
  appendFile(body, 'attachments', file)
  return { ...buildRequest(access, { method: 'POST', path: `${callPath(address)}/recording` }), body }
}

export type RecordingType = (typeof RECORDING_TYPES)[number]

/** Adds what was said, in short. The text may not be empty. */
export function addCallSummaryRequest(
  access: FrontAccess,
  { content, ...address }: CallAddress & { content: string },
): FrontRequest {
  return buildRequest(access, { method: 'POST', path: `${callPath(address)}/summary`, json: { content } })
}

/** Adds what was said, line by line; at least one line. */
export function addCallTranscriptRequest(
  access: FrontAccess,
  { lines, ...address }: CallAddress & { lines: readonly TranscriptLine[] },
): FrontRequest {
  return buildRequest(access, { method: 'POST', path: `${callPath(address)}/transcript`, json: { lines } })
}

function callPath({ frontChannelId, externalCallId }: CallAddress): string {
  return `/channels/${segment(frontChannelId)}/calls/${segment(externalCallId)}`
}
