import { z } from 'zod'
import { touchSandboxConversation } from '#db/queries/sandbox-conversations'
import { insertSandboxFiles } from '#db/queries/sandbox-messages'
import {
  findSandboxPhoneCall,
  insertSandboxPhoneEvent,
  type SandboxPhoneCall,
  setSandboxPhoneCallStatus,
} from '#db/queries/sandbox-phone-calls'
import type { SandboxPhoneEventContent } from '#db/schema/sandbox-extras'
import { CALL_STATUSES, RECORDING_TYPES, SPEAKER_TYPES } from '#lib/front/calls'
import { type FrontCall, paramOf } from '#lib/sandbox/front/call'
import { channelOf } from '#lib/sandbox/front/channels'
import { badFields, unknownId } from '#lib/sandbox/front/errors'
import { checkFields, type ReceivedFile, readFields, readOneFile } from '#lib/sandbox/front/fields'
import { filesToStore } from '#lib/sandbox/front/intake'
import { frontId } from '#lib/sandbox/identity'

const update = z.object({
  call_status: z.enum(CALL_STATUSES),
  /** Milliseconds since 1970. */
  occurred_at: z.number().optional(),
  agent_email_address: z.string().optional(),
})

const recording = z.object({ recording_type: z.enum(RECORDING_TYPES) })
const summary = z.object({ content: z.string().min(1, 'must not be empty') })
const transcript = z.object({
  lines: z
    .array(
      z.object({
        speaker_name: z.string(),
        content: z.string(),
        start_time_seconds: z.number(),
        speaker_type: z.enum(SPEAKER_TYPES),
      }),
    )
    .min(1, 'must hold at least one line'),
})

/** A7: what became of a call. */
export async function updateCall(call: FrontCall): Promise<Response> {
  const phoneCall = await phoneCallOf(call)
  const { fields } = await readFields(call.request)
  const input = checkFields(update, fields, call.warn)
  const occurredAt = momentOf(input.occurred_at, call)
  const agentEmail = input.agent_email_address ?? null
  await keep(call, { phoneCall, occurredAt, content: { kind: 'status', status: input.call_status, agentEmail } })
  return accepted()
}

/** A7: one recording, a file of a type `audio/...` under the plain name `attachments`. */
export async function addRecording(call: FrontCall): Promise<Response> {
  const phoneCall = await phoneCallOf(call)
  const { fields, file } = await readOneFile(call.request, 'attachments')
  const { recording_type: recordingType } = checkFields(recording, fields, call.warn)
  if (!file.contentType.startsWith('audio/')) throw badFields(['body.attachments: must be an audio file'])
  const { filename, contentType } = file
  const eventId = frontId('evt', call.deps.random)
  const [stored] = filesToStore([file], eventId, call.deps.random)
  const fileId = stored?.id ?? ''
  const content = { kind: 'recording' as const, recordingType, fileId, filename, contentType }
  await keep(call, { phoneCall, content, eventId, files: stored ? [stored] : [] })
  return accepted()
}

export async function addSummary(call: FrontCall): Promise<Response> {
  const phoneCall = await phoneCallOf(call)
  const { fields } = await readFields(call.request)
  const { content } = checkFields(summary, fields, call.warn)
  await keep(call, { phoneCall, content: { kind: 'summary', text: content } })
  return accepted()
}

export async function addTranscript(call: FrontCall): Promise<Response> {
  const phoneCall = await phoneCallOf(call)
  const { fields } = await readFields(call.request)
  const { lines } = checkFields(transcript, fields, call.warn)
  await keep(call, { phoneCall, content: { kind: 'transcript', lines } })
  return accepted()
}

/** Front reads call times as milliseconds, other times as seconds. */
export function momentOf(ms: number | undefined, { deps, warn }: FrontCall): Date {
  if (ms === undefined) return deps.now
  if (ms > 100_000_000_000) return new Date(ms)
  warn('the time of the call looks like seconds: Front reads milliseconds')
  return deps.now
}

export function accepted(): Response {
  return new Response(null, { status: 202 })
}

async function phoneCallOf(call: FrontCall): Promise<SandboxPhoneCall> {
  const channel = await channelOf(call)
  const externalId = paramOf(call, 1)
  const phoneCall = await findSandboxPhoneCall(call.deps.db, { channelId: channel.id, externalId })
  if (!phoneCall) throw unknownId('call', externalId)
  return phoneCall
}

type Happened = {
  phoneCall: SandboxPhoneCall
  content: SandboxPhoneEventContent
  occurredAt?: Date
  eventId?: string
  files?: (ReceivedFile & { id: string; messageId: string; size: number })[]
}

async function keep({ deps }: FrontCall, { phoneCall, content, files = [], ...event }: Happened): Promise<void> {
  const { db, now, random } = deps
  const { occurredAt = now, eventId = frontId('evt', random) } = event
  await db.transaction(async (tx) => {
    await insertSandboxPhoneEvent(tx, { id: eventId, callId: phoneCall.id, content, occurredAt, createdAt: now })
    await insertSandboxFiles(tx, files)
    if (content.kind === 'status') await setSandboxPhoneCallStatus(tx, phoneCall.id, content.status)
    await touchSandboxConversation(tx, phoneCall.conversationId, now)
  })
}
