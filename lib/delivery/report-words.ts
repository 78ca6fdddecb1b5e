import type { DeliveryStatus } from '#db/schema/deliveries'
import type { ReportKind } from '#db/schema/reports'
import { type FrontReport, readReport } from '#lib/delivery/report-payloads'

/** What Front is told by a report, for people: a line, and what it says in detail. */
export type ReportWords = { title: string; detail: string | null }

/** A report whose payload is not kept, or cannot be read, still says what kind of thing Front was told. */
const KINDS: Record<ReportKind, string> = {
  failed: 'The reply did not reach the customer',
  comment: 'A comment for the team',
  status: 'The state of the channel',
  template_put: 'The whole template',
  template_patch: 'A change of the template',
  call_create: 'The call began',
  call_update: 'The call went on',
  call_recording: 'A recording',
  call_summary: 'The summary',
  call_transcript: 'The transcript',
  alert: 'An alert',
}

/** Says in plain words what Front is told by a report. */
export function reportWords(report: { kind: ReportKind; payload: unknown }): ReportWords {
  const read = readReport(report)
  return read ? describe(read) : { title: KINDS[report.kind], detail: null }
}

function describe({ kind, payload }: FrontReport): ReportWords {
  const title = KINDS[kind]
  switch (kind) {
    case 'failed':
      return { title, detail: payload.reason }
    case 'comment':
      return { title, detail: payload.body }
    case 'status':
      return { title: payload.status === 'offline' ? 'The channel is offline' : 'The channel works', detail: null }
    case 'template_put':
      return { title, detail: payload.template.name }
    case 'template_patch':
      return { title, detail: `Changed: ${Object.keys(payload.change).map(fieldWords).join(', ')}.` }
    case 'call_create':
      return { title: `The call began, ${payload.call.initial_status}`, detail: null }
    case 'call_update':
      return { title: callStatusWords(payload.update.call_status), detail: payload.update.agent_email_address ?? null }
    case 'call_recording':
      return { title: payload.recordingType === 'voicemail' ? 'A voicemail' : 'A recording of the call', detail: null }
    case 'call_summary':
      return { title, detail: payload.content }
    case 'call_transcript':
      return { title, detail: payload.lines.length === 1 ? 'One line.' : `${payload.lines.length} lines.` }
  }
}

const FIELDS: Record<string, string> = {
  name: 'name',
  blurb: 'short text',
  is_disabled: 'whether it is switched off',
  status_name: 'state of approval',
  variable_mappings: 'variables',
  template_preview: 'preview',
}

function fieldWords(field: string): string {
  return FIELDS[field] ?? field
}

const CALL_STATUSES: Record<string, string> = {
  queued: 'Waits in the queue',
  ringing: 'Rings',
  connected: 'Somebody answered',
  hold: 'On hold',
  hangup: 'Ended',
  abandoned: 'The caller gave up',
  missed: 'Nobody answered',
  transferred: 'Transferred',
}

/** Where a phone call stands, in plain words. */
export function callStatusWords(status: string): string {
  return CALL_STATUSES[status] ?? status
}

/** Whether Front knows what a report says. */
export const REPORT_STATES: Record<DeliveryStatus, string> = {
  delivered: 'Front was told',
  pending: 'Front is not told yet',
  retrying: 'Front is not told yet',
  failed: 'Front could not be told',
  discarded: 'Given up',
}
