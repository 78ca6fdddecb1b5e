import { expect, expectTypeOf, test } from 'vitest'
import { FRONT_REPORT_KINDS } from '#db/schema/reports'
import { type FrontReport, readReport } from '#lib/delivery/report-payloads'
import type { CreateCallBody, TranscriptLine, UpdateCallBody } from '#lib/front/calls'
import type { TemplateBody, TemplateChange } from '#lib/front/templates'

const template: TemplateBody = {
  external_id: 'welcome',
  name: 'Welcome',
  blurb: 'Hello {{1}}',
  is_disabled: false,
  status_name: 'APPROVED',
  variable_mappings: [{ uid: '{{1}}', type: 'text', name: 'First name' }],
  template_preview: '<p>Hello {{1}}</p>',
}
const line: TranscriptLine = {
  speaker_name: 'Ada',
  speaker_type: 'external',
  content: 'Hello',
  start_time_seconds: 1.5,
}

const reports: FrontReport[] = [
  { kind: 'failed', payload: { conversation: 'pb-1', message: 'm1', reason: 'No such number' } },
  { kind: 'comment', payload: { body: 'It arrived after all.' } },
  { kind: 'status', payload: { status: 'offline' } },
  { kind: 'template_put', payload: { template: { ...template, variable_mappings: [...template.variable_mappings] } } },
  { kind: 'template_patch', payload: { externalId: 'welcome', change: { status_name: 'REJECTED' } } },
  {
    kind: 'call_create',
    payload: {
      call: {
        external_call_id: 'c1',
        initial_status: 'ringing',
        direction: 'inbound',
        from: { handle: '+33612345678' },
      },
    },
  },
  { kind: 'call_update', payload: { externalId: 'c1', update: { call_status: 'connected', occurred_at: 1 } } },
  { kind: 'call_recording', payload: { externalId: 'c1', fileId: 'f1', recordingType: 'voicemail' } },
  { kind: 'call_summary', payload: { externalId: 'c1', content: 'Ada asked for a refund.' } },
  { kind: 'call_transcript', payload: { externalId: 'c1', lines: [line] } },
]

test('there is an example of every kind of report', () => {
  expect(reports.map(({ kind }) => kind)).toEqual([...FRONT_REPORT_KINDS])
})

test.each(reports)('a $kind is read as it was written', (report) => {
  expect(readReport(structuredClone(report))).toEqual(report)
})

test('a payload of another kind, or of none, is not read', () => {
  expect(readReport({ kind: 'failed', payload: { body: 'x' } })).toBeNull()
  expect(readReport({ kind: 'call_transcript', payload: { externalId: 'c1', lines: [] } })).toBeNull()
  for (const payload of [null, 1, 'x', [], {}]) expect(readReport({ kind: 'status', payload })).toBeNull()
})

test('what is read fits what the calls to Front take', () => {
  type Payload<Kind> = Extract<FrontReport, { kind: Kind }>['payload']
  expectTypeOf<Payload<'template_put'>['template']>().toExtend<TemplateBody>()
  expectTypeOf<Payload<'template_patch'>['change']>().toExtend<TemplateChange>()
  expectTypeOf<Payload<'call_create'>['call']>().toExtend<CreateCallBody>()
  expectTypeOf<Payload<'call_update'>['update']>().toExtend<UpdateCallBody>()
  expectTypeOf<Payload<'call_transcript'>['lines']>().toExtend<readonly TranscriptLine[]>()
})
