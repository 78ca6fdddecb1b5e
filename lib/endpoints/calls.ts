import { findCall, type PhoneCall } from '#db/queries/calls'
import { type ListedReport, listReports } from '#db/queries/reports'
import {
  parseCallUpdate,
  parseNewCall,
  parseRecording,
  parseSummary,
  parseTranscript,
  unknownCall,
} from '#lib/calls/fields'
import { describeReport } from '#lib/endpoints/describe-report'
import {
  keepDuplicate,
  type ProviderCall,
  type ProviderVisit,
  providerCall,
  readCall,
  readJsonCall,
  requireApplication,
} from '#lib/endpoints/provider-call'
import { bodyKind } from '#lib/endpoints/read-content'
import { startDelivery } from '#lib/endpoints/start-delivery'
import { AppError } from '#lib/errors'
import { addToCall, type CallAddition } from '#lib/flows/add-to-call'
import { createCall } from '#lib/flows/create-call'

const WHAT = 'phone calls'
const MOST_EVENTS = 500

/** `POST /api/channels/{key}/calls`: a phone system tells that a call begins. 202 once it is stored. */
export function createCallEndpoint(visit: ProviderVisit): Promise<Response> {
  return providerCall(visit, async (call) => {
    requireApplication(call, WHAT)
    const { deps, door: channel } = call
    const body = parseNewCall(await readJsonCall(call))
    return toAnswer(call, await createCall(deps.db, { channel, call: body, now: deps.now() }))
  })
}

/** `PATCH /api/channels/{key}/calls/{id}`: what happened in a call, such as that it was picked up. */
export function updateCallEndpoint(visit: ProviderVisit, externalId: string): Promise<Response> {
  return adding(visit, externalId, async (call) => ({
    kind: 'update',
    update: parseCallUpdate(await readJsonCall(call)),
  }))
}

/** `POST /api/channels/{key}/calls/{id}/recording`: a form with one sound file and its `recording_type`. */
export function addRecordingEndpoint(visit: ProviderVisit, externalId: string): Promise<Response> {
  return adding(visit, externalId, async (call) => {
    if (bodyKind(call.request.headers) !== 'form') {
      throw new AppError('unsupported_media_type', 'Send multipart/form-data with one audio file in attachments.')
    }
    const { raw, files } = await readCall(call)
    return { kind: 'recording', ...parseRecording(raw, files) }
  })
}

/** `POST /api/channels/{key}/calls/{id}/summary` */
export function addSummaryEndpoint(visit: ProviderVisit, externalId: string): Promise<Response> {
  return adding(visit, externalId, async (call) => ({
    kind: 'summary',
    content: parseSummary(await readJsonCall(call)),
  }))
}

/** `POST /api/channels/{key}/calls/{id}/transcript` */
export function addTranscriptEndpoint(visit: ProviderVisit, externalId: string): Promise<Response> {
  return adding(visit, externalId, async (call) => ({
    kind: 'transcript',
    lines: parseTranscript(await readJsonCall(call)),
  }))
}

/** `GET /api/channels/{key}/calls/{id}`: a call and how telling Front of each part of it went. */
export function showCallEndpoint(visit: ProviderVisit, externalId: string): Promise<Response> {
  return providerCall(visit, async (call) => {
    requireApplication(call, WHAT)
    const { db } = call.deps
    const found = await findCall(db, { channelId: call.door.id, externalId })
    if (!found) throw unknownCall(externalId)
    const told = await listReports(db, { subjectId: found.id, limit: MOST_EVENTS })
    const shown = { ...describeCall(found), events: told.toReversed().map(describeEvent) }
    return Response.json(shown, { headers: { 'cache-control': 'no-store' } })
  })
}

function adding(
  visit: ProviderVisit,
  externalId: string,
  read: (call: ProviderCall) => Promise<CallAddition>,
): Promise<Response> {
  return providerCall(visit, async (call) => {
    requireApplication(call, WHAT)
    const { deps, door } = call
    const addition = await read(call)
    return toAnswer(call, await addToCall(deps.db, { channelId: door.id, externalId, addition, now: deps.now() }))
  })
}

type Stored = { call: PhoneCall; duplicate: boolean }

async function toAnswer(call: ProviderCall, { call: stored, duplicate }: Stored): Promise<Response> {
  if (duplicate) await keepDuplicate(call, { messageId: null })
  else startDelivery(call.deps)
  return Response.json({ status: 'accepted', call: describeCall(stored), duplicate }, { status: 202 })
}

function describeCall(call: PhoneCall) {
  const party = { handle: call.partyHandle, name: call.partyName }
  return {
    external_call_id: call.externalId,
    direction: call.direction,
    ...(call.direction === 'inbound' ? { from: party } : { to: party }),
    call_status: call.status,
    /** Milliseconds since 1970, as in every call about calls. */
    started_at: call.startedAtMs,
    parent_external_call_id: call.parentExternalId,
    agent_email_address: call.agentEmail,
    last_event_at: call.lastEventAt,
  }
}

function describeEvent(report: ListedReport) {
  return { kind: report.kind.replace('call_', ''), front: describeReport(report) }
}
