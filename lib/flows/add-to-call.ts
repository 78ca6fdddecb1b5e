import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Database, Transaction } from '#db/client'
import { newId } from '#db/ids'
import { findLastPayload, hasRecording, lockCall, type PhoneCall, updateCall } from '#db/queries/calls'
import { insertFiles } from '#db/queries/files'
import { enqueueReport } from '#db/queries/reports'
import { unknownCall } from '#lib/calls/fields'
import { type FrontReport, REPORT_PAYLOADS } from '#lib/delivery/report-payloads'
import type { IncomingFile } from '#lib/flows/store-provider-message'
import type { RecordingType, TranscriptLine, UpdateCallBody } from '#lib/front/calls'

/** What a phone system adds to a call that it has created. */
export type CallAddition =
  | { kind: 'update'; update: UpdateCallBody }
  | { kind: 'recording'; file: IncomingFile; recordingType: RecordingType }
  | { kind: 'summary'; content: string }
  | { kind: 'transcript'; lines: TranscriptLine[] }

type Add = { channelId: string; externalId: string; addition: CallAddition; now: Date }

/**
 * Adds to a phone call what happened in it, and tells Front (A7) in the order of the calls to here. What the newest of its
 * kind said already is not told again. An update that does not say when it happened happened now.
 * @throws AppError `not_found` for a call that was not created
 */
export async function addToCall(
  db: Database,
  { channelId, externalId, addition, now }: Add,
): Promise<{ call: PhoneCall; duplicate: boolean }> {
  return db.transaction(async (tx) => {
    const call = await lockCall(tx, { channelId, externalId })
    if (!call) throw unknownCall(externalId)
    if (await isKnown(tx, call, addition)) return { call, duplicate: true }
    const id = newId()
    const report = await toReport(tx, { reportId: id, externalId, addition, now })
    const { conversationId } = call
    await enqueueReport(tx, { id, channelId, conversationId, subjectId: call.id, createdBy: 'provider', ...report })
    return { call: await updateCall(tx, call.id, { ...changeOf(addition), lastEventAt: now }), duplicate: false }
  })
}

function changeOf(addition: CallAddition): Partial<Pick<PhoneCall, 'status' | 'agentEmail'>> {
  if (addition.kind !== 'update') return {}
  const { call_status: status, agent_email_address: agentEmail } = addition.update
  return { status, ...(agentEmail === undefined ? {} : { agentEmail }) }
}

async function isKnown(tx: Transaction, { id: subjectId }: PhoneCall, addition: CallAddition): Promise<boolean> {
  if (addition.kind === 'recording') {
    const { file, recordingType } = addition
    const sha256 = createHash('sha256').update(file.bytes).digest('hex')
    return hasRecording(tx, { callId: subjectId, recordingType, size: file.bytes.length, sha256 })
  }
  const kind = `call_${addition.kind}` as const
  const last = await findLastPayload(tx, { subjectId, kind })
  if (addition.kind === 'update') {
    const known = REPORT_PAYLOADS.call_update.safeParse(last).data?.update
    const { update } = addition
    return (
      known !== undefined &&
      isDeepStrictEqual({ ...update, occurred_at: update.occurred_at ?? known.occurred_at }, known)
    )
  }
  if (addition.kind === 'summary') {
    return REPORT_PAYLOADS.call_summary.safeParse(last).data?.content === addition.content
  }
  return isDeepStrictEqual(REPORT_PAYLOADS.call_transcript.safeParse(last).data?.lines, addition.lines)
}

type Making = { reportId: string; externalId: string; addition: CallAddition; now: Date }

async function toReport(tx: Transaction, { reportId, externalId, addition, now }: Making): Promise<FrontReport> {
  switch (addition.kind) {
    case 'update': {
      const update = { ...addition.update, occurred_at: addition.update.occurred_at ?? now.getTime() }
      return { kind: 'call_update', payload: { externalId, update } }
    }
    case 'recording': {
      const { file, recordingType } = addition
      const fileId = newId()
      // Files first: putting the report in its lane locks that, and bytes take their time.
      await insertFiles(tx, [{ id: fileId, messageId: reportId, size: file.bytes.length, ...file }])
      return { kind: 'call_recording', payload: { externalId, fileId, recordingType } }
    }
    case 'summary':
      return { kind: 'call_summary', payload: { externalId, content: addition.content } }
    case 'transcript':
      return { kind: 'call_transcript', payload: { externalId, lines: addition.lines } }
  }
}
