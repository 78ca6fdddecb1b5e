import { describe, expect, test } from 'vitest'
import * as calls from '#lib/front/calls'
import {
  type InboundSync,
  type OutboundSync,
  syncInboundMessageRequest,
  syncOutboundMessageRequest,
} from '#lib/front/channel-messages'
import { messageFailedRequest, updateChannelStatusRequest } from '#lib/front/channel-reports'
import { channelAccess } from '#lib/front/channel-token'
import { type ChannelCredentials, createChannelRequest } from '#lib/front/requests'
import { patchTemplateRequest, putTemplateRequest, type TemplateBody } from '#lib/front/templates'
import type { FrontRequest } from '#lib/front/transport'
import { describeOperation, findSpecs, requestValidator, type SpecFile } from '#tests/contract/openapi'
import { readWire } from '#tests/contract/wire'

const specs = findSpecs()
if (!specs.found) console.warn(`Skipping the contract tests. ${specs.why}`)

const access = await channelAccess({
  baseUrl: 'https://api2.frontapp.com',
  app: { uid: '64711a73def367ca', secret: 'front_test_secret' },
  channelId: 'cha_1',
  now: new Date(1_694_761_190_000),
  jti: 'j-1',
})
const file = { filename: 'photo.png', contentType: 'image/png', bytes: new Uint8Array([137, 80, 78, 71, 0, 255]) }
const party = { handle: '+33612345678', name: 'Ada', email: 'ada@shop.example' }
const common = {
  id: '0199aaaa-0000-7000-8000-000000000001',
  reference: 'pb-0123456789abcdef0123456789abcdef',
  repliesToId: '0199aaaa-0000-7000-8000-000000000000',
  subject: 'An order',
  body: 'snake_case and *stars*\n<b>not bold</b>',
  bodyFormat: 'text',
  sentAt: new Date(1_619_656_054_789),
  files: [],
} as const
const inbound: InboundSync = { ...common, sender: party }
const outbound: OutboundSync = { ...common, to: [party, { handle: 'b' }], senderName: 'Bot', authorId: 'tea_1' }
const bare = { id: 'm', reference: 'r', body: '', bodyFormat: 'text', files: [] } as const
const syncIn = (message: InboundSync) => syncInboundMessageRequest(access, { frontChannelId: 'cha_1', message })
const syncOut = (message: OutboundSync) => syncOutboundMessageRequest(access, { frontChannelId: 'cha_1', message })

const template: TemplateBody = {
  external_id: 'order/1',
  name: 'Order shipped',
  blurb: 'Your order…',
  is_disabled: false,
  status_name: 'APPROVED',
  variable_mappings: [{ uid: '{{1}}', type: 'text', name: 'Order number' }],
  template_preview: '<p>Your order {{1}} is on its way.</p>',
}
const call = { frontChannelId: 'cha_1', externalCallId: 'call:1/a' }
const incomingCall: calls.CreateCallBody = {
  external_call_id: 'call:1/a',
  initial_status: 'ringing',
  direction: 'inbound',
  from: { handle: '+33612345678', name: 'Ada' },
  started_at: 1_694_761_190_000,
  agent_email_address: 'leela@planet-express.example',
}
const recording = { filename: 'call.mp3', contentType: 'audio/mpeg', bytes: new Uint8Array([255, 251]) }
const line = { speaker_name: 'Ada', speaker_type: 'external', content: 'Hello?', start_time_seconds: 0.5 } as const
const newChannel = (credentials?: ChannelCredentials) =>
  createChannelRequest(access, { inboxId: 'inb_1', name: 'Chat', applicationUid: '64711a73def367ca', credentials })

/** H1: an operation is named by its file and its id. */
type Case = { spec: [SpecFile, string]; request: FrontRequest }
const A2: Case['spec'] = ['channel', 'sync-inbound-message']
const A3: Case['spec'] = ['channel', 'sync-outbound-message']
const B4: Case['spec'] = ['core', 'create-a-channel']

const cases: Record<string, Case> = {
  'A2: a customer’s message': { spec: A2, request: syncIn(inbound) },
  'A2: a message in HTML': { spec: A2, request: syncIn({ ...inbound, bodyFormat: 'html' }) },
  'A2: a message with nothing but a handle': { spec: A2, request: syncIn({ ...bare, sender: { handle: 'a' } }) },
  'A2: a message with files': { spec: A2, request: syncIn({ ...inbound, files: [file, file] }) },
  'A2: a file without text': { spec: A2, request: syncIn({ ...bare, sender: { handle: 'a' }, files: [file] }) },
  'A3: a message sent elsewhere': { spec: A3, request: syncOut(outbound) },
  'A3: a message with nothing but a recipient': { spec: A3, request: syncOut({ ...bare, to: [{ handle: 'a' }] }) },
  'A3: a message sent elsewhere with files': { spec: A3, request: syncOut({ ...outbound, files: [file] }) },
  'A4: a channel that is offline': {
    spec: ['channel', 'update-channel'],
    request: updateChannelStatusRequest(access, { frontChannelId: 'cha_1', status: 'offline' }),
  },
  'A4: a channel that is back': {
    spec: ['channel', 'update-channel'],
    request: updateChannelStatusRequest(access, { frontChannelId: 'cha_1', status: 'ok' }),
  },
  'A5: a message that failed': {
    spec: ['channel', 'update-external-message-status'],
    request: messageFailedRequest(access, {
      frontChannelId: 'cha_1',
      externalConversationId: 'thread/1:+a',
      externalId: 'msg#1?',
      reason: 'The number does not exist.',
    }),
  },
  'A5: a message that failed without a reason': {
    spec: ['channel', 'update-external-message-status'],
    request: messageFailedRequest(access, { frontChannelId: 'cha_1', externalConversationId: 'r', externalId: 'm' }),
  },
  'A6: a template': {
    spec: ['channel', 'sync-application-message-template'],
    request: putTemplateRequest(access, { frontChannelId: 'cha_1', template }),
  },
  'A6: a template that was rejected': {
    spec: ['channel', 'update-application-message-template'],
    request: patchTemplateRequest(access, {
      frontChannelId: 'cha_1',
      externalId: 'order/1',
      change: { status_name: 'REJECTED', is_disabled: true },
    }),
  },
  'A7: a call that comes in': {
    spec: ['channel', 'create-call'],
    request: calls.createCallRequest(access, { frontChannelId: 'cha_1', call: incomingCall }),
  },
  'A7: a call that goes out after a transfer': {
    spec: ['channel', 'create-call'],
    request: calls.createCallRequest(access, {
      frontChannelId: 'cha_1',
      call: {
        external_call_id: 'c2',
        parent_external_call_id: 'c1',
        initial_status: 'queued',
        direction: 'outbound',
        to: { handle: 'a' },
      },
    }),
  },
  'A7: a call that ended': {
    spec: ['channel', 'update-call'],
    request: calls.updateCallRequest(access, {
      ...call,
      update: { call_status: 'hangup', occurred_at: 1_694_761_200_000, agent_email_address: 'a@b.example' },
    }),
  },
  'A7: a recording': {
    spec: ['channel', 'add-call-recording'],
    request: calls.addCallRecordingRequest(access, { ...call, file: recording, recordingType: 'voicemail' }),
  },
  'A7: a summary': {
    spec: ['channel', 'add-call-summary'],
    request: calls.addCallSummaryRequest(access, { ...call, content: 'Ada asked where her order is.' }),
  },
  'A7: a transcript': {
    spec: ['channel', 'add-call-transcript'],
    request: calls.addCallTranscriptRequest(access, { ...call, lines: [line] }),
  },
  'B4: a channel of an app that signs in later': { spec: B4, request: newChannel() },
  'B4: a channel of an app with a bearer token': { spec: B4, request: newChannel({ access_token: 't' }) },
  'B4: a channel of an app with a name and password': {
    spec: B4,
    request: newChannel({ username: 'a', password: 'b' }),
  },
}

describe.skipIf(!specs.found)('Front’s own specification', () => {
  for (const [what, { spec, request }] of Object.entries(cases)) {
    test(`knows every field of ${what}`, async () => {
      const { contentType, body } = await readWire(request)
      const validate = requestValidator(...spec, { form: contentType.startsWith('multipart/') })
      validate(body)
      expect(validate.errors ?? []).toEqual([])
    })

    test(`has the method and path that we call for ${what}`, () => {
      const { method, path } = describeOperation(...spec)
      const pattern = new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`)
      expect(request.method).toBe(method)
      expect(new URL(request.url).pathname).toMatch(pattern)
      expect(request.headers.authorization).toBe(`Bearer ${access.token}`)
    })
  }

  const { sender, ...noSender } = { sender: { handle: 'a' }, body: 'b', metadata: ids() }
  const wrong: [string, Case['spec'], unknown][] = [
    ['the threading key of custom channels', A2, { ...noSender, sender, metadata: { ...ids(), thread_ref: 'r' } }],
    ['a format', A2, { ...noSender, sender, body_format: 'html' }],
    ['a message without our id', A2, { ...noSender, sender, metadata: { external_conversation_id: 'r' } }],
    ['a message without its conversation', A2, { ...noSender, sender, metadata: { external_id: 'm' } }],
    ['an id of 201 characters', A2, { ...noSender, sender, metadata: { ...ids(), external_id: 'x'.repeat(201) } }],
    ['a time with fractions of a second', A2, { ...noSender, sender, delivered_at: 1.5 }],
    ['one recipient that is no list', A3, { ...noSender, to: { handle: 'a' } }],
    ['a sender in a message sent elsewhere', A3, { ...noSender, to: [], sender }],
    ['a status that Front does not have', ['channel', 'update-channel'], { status: 'online' }],
    ['a delivered message', ['channel', 'update-external-message-status'], { status: 'delivered' }],
    [
      'a template without its preview',
      ['channel', 'sync-application-message-template'],
      { ...template, template_preview: undefined },
    ],
    [
      'a call that comes in from nobody',
      ['channel', 'create-call'],
      { ...incomingCall, parent_external_call_id: 'p', from: undefined },
    ],
    [
      'a call that comes in to somebody',
      ['channel', 'create-call'],
      { ...incomingCall, parent_external_call_id: 'p', to: { handle: 'a' } },
    ],
    ['an empty transcript', ['channel', 'add-call-transcript'], { lines: [] }],
  ]
  for (const [what, spec, body] of wrong) {
    test(`refuses ${what}, so the check is strict`, () => {
      expect(requestValidator(...spec)(JSON.parse(JSON.stringify(body)))).toBe(false)
    })
  }
})

function ids() {
  return { external_id: 'm', external_conversation_id: 'r' }
}

describe('files travel in a form, never in JSON', () => {
  test('without files there is no word of attachments', async () => {
    for (const request of [syncIn(inbound), syncOut(outbound)]) {
      const { contentType, body } = await readWire(request)
      expect(contentType).toBe('application/json')
      expect(body).not.toHaveProperty('attachments')
    }
  })

  test('a form says the same as the JSON, with its files numbered', async () => {
    for (const [json, form] of [
      [syncIn(inbound), syncIn({ ...inbound, files: [file, file] })],
      [syncOut(outbound), syncOut({ ...outbound, files: [file, file] })],
    ] as const) {
      expect(form.headers['content-type']).toBeUndefined()
      const [plain, sent] = [await readWire(json), await readWire(form)]
      expect(sent.contentType).toMatch(/^multipart\/form-data; boundary=.+/)
      const delivered_at = '1619656054'
      expect(sent.body).toEqual({ ...Object(plain.body), delivered_at, attachments: ['photo.png', 'photo.png'] })
    }
  })

  test('a recording is one file under a plain name, with its own type', async () => {
    const request = calls.addCallRecordingRequest(access, { ...call, file: recording, recordingType: 'call' })
    const form = request.body instanceof FormData ? request.body : new FormData()
    expect([...form.keys()]).toEqual(['recording_type', 'attachments'])
    expect(form.get('attachments')).toMatchObject({ name: 'call.mp3', type: 'audio/mpeg', size: 2 })
  })
})
