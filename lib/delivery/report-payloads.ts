import { z } from 'zod'
import type { FrontReportKind, ReportKind } from '#db/schema/reports'
import { CALL_STATUSES, INITIAL_CALL_STATUSES, RECORDING_TYPES, SPEAKER_TYPES } from '#lib/front/calls'
import { CHANNEL_STATUSES } from '#lib/front/channel-reports'
import { template, templateChange } from '#lib/templates/fields'

const id = z.string().min(1)
/** Milliseconds since 1970. */
const moment = z.number().optional()

const party = z.object({ handle: z.string().min(1), name: z.string().optional() })
const anyCall = {
  external_call_id: id,
  initial_status: z.enum(INITIAL_CALL_STATUSES),
  started_at: moment,
  parent_external_call_id: id.optional(),
  agent_email_address: z.string().optional(),
}
const call = z.discriminatedUnion('direction', [
  z.object({ ...anyCall, direction: z.literal('inbound'), from: party }),
  z.object({ ...anyCall, direction: z.literal('outbound'), to: party }),
])
const callUpdate = z.object({
  call_status: z.enum(CALL_STATUSES),
  occurred_at: moment,
  agent_email_address: z.string().optional(),
})
const transcriptLine = z.object({
  speaker_name: z.string(),
  speaker_type: z.enum(SPEAKER_TYPES),
  content: z.string(),
  start_time_seconds: z.number(),
})

/** What a report of each kind holds in its `payload`: written at intake, read when it is carried to Front. */
export const REPORT_PAYLOADS = {
  /** `conversation` is its reference and `message` our message id, both as Front was told them. */
  failed: z.object({ conversation: id, message: id, reason: z.string().nullable() }),
  comment: z.object({ body: id }),
  status: z.object({ status: z.enum(CHANNEL_STATUSES) }),
  template_put: z.object({ template }),
  template_patch: z.object({ externalId: id, change: templateChange }),
  call_create: z.object({ call }),
  call_update: z.object({ externalId: id, update: callUpdate }),
  /** `fileId` names one row of `files`, stored under the report's id. */
  call_recording: z.object({ externalId: id, fileId: id, recordingType: z.enum(RECORDING_TYPES) }),
  call_summary: z.object({ externalId: id, content: id }),
  call_transcript: z.object({ externalId: id, lines: z.array(transcriptLine).min(1) }),
} satisfies Record<FrontReportKind, z.ZodType>

export type ReportPayload<Kind extends FrontReportKind> = z.infer<(typeof REPORT_PAYLOADS)[Kind]>

function told<Kind extends FrontReportKind>(kind: Kind) {
  return z.object({ kind: z.literal(kind), payload: REPORT_PAYLOADS[kind] })
}

const frontReport = z.discriminatedUnion('kind', [
  told('failed'),
  told('comment'),
  told('status'),
  told('template_put'),
  told('template_patch'),
  told('call_create'),
  told('call_update'),
  told('call_recording'),
  told('call_summary'),
  told('call_transcript'),
])

/** What Front is told, to be told apart by its `kind`. */
export type FrontReport = z.infer<typeof frontReport>

/** Reads a row of `reports`. Null when its payload is not what its kind needs, which only another version can have written. */
export function readReport({ kind, payload }: { kind: ReportKind; payload: unknown }): FrontReport | null {
  return frontReport.safeParse({ kind, payload }).data ?? null
}
