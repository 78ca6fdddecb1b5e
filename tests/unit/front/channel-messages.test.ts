import { expect, test } from 'vitest'
import {
  type InboundSync,
  type OutboundSync,
  syncInboundMessageRequest,
  syncOutboundMessageRequest,
} from '#lib/front/channel-messages'
import { ATTACHMENT_ONLY_BODY, EMPTY_BODY } from '#lib/front/message-text'

const access = { baseUrl: 'https://front.example', token: 'a.b.c' }
const file = { filename: 'é "1".png', contentType: 'image/png', bytes: new Uint8Array([0, 255]) }
const common = { id: 'm-1', reference: 'thread-1', body: 'Hello', bodyFormat: 'text', files: [] } as const

function inbound(changes: Partial<InboundSync> = {}) {
  const message: InboundSync = { ...common, sender: { handle: 'ada' }, ...changes }
  return syncInboundMessageRequest(access, { frontChannelId: 'cha_1', message })
}

function outbound(changes: Partial<OutboundSync> = {}) {
  const message: OutboundSync = { ...common, to: [{ handle: 'ada' }], ...changes }
  return syncOutboundMessageRequest(access, { frontChannelId: 'cha_1', message })
}

function jsonOf({ body }: { body: unknown }) {
  return typeof body === 'string' ? JSON.parse(body) : null
}

test('a customer’s message goes to the channel’s inbound messages, with the channel’s own token', () => {
  expect(inbound()).toMatchObject({
    method: 'POST',
    url: 'https://front.example/channels/cha_1/inbound_messages',
    headers: { authorization: 'Bearer a.b.c', 'content-type': 'application/json' },
  })
})

test('a message sent elsewhere goes to the outbound messages, to a list of people', () => {
  const request = outbound({ senderName: 'Bot', authorId: 'tea_1', to: [{ handle: 'a', name: 'A' }, { handle: 'b' }] })
  expect(request.url).toBe('https://front.example/channels/cha_1/outbound_messages')
  expect(jsonOf(request)).toEqual({
    to: [{ handle: 'a', name: 'A' }, { handle: 'b' }],
    sender_name: 'Bot',
    author_id: 'tea_1',
    body: 'Hello',
    metadata: { external_id: 'm-1', external_conversation_id: 'thread-1' },
  })
})

test('what is not given is not sent', () => {
  const sender = { handle: 'ada', name: null, email: '' }
  expect(jsonOf(inbound({ sender, subject: '', repliesToId: null, sentAt: null }))).toEqual({
    sender: { handle: 'ada' },
    body: 'Hello',
    metadata: { external_id: 'm-1', external_conversation_id: 'thread-1' },
  })
})

test('all that is given is sent under Front’s names', () => {
  const sender = { handle: 'ada', name: 'Ada', email: 'ada@shop.example' }
  const sentAt = new Date(1_619_656_054_999)
  expect(jsonOf(inbound({ sender, subject: 'An order', repliesToId: 'm-0', sentAt }))).toMatchObject({
    sender,
    subject: 'An order',
    metadata: { referenced_message_external_id: 'm-0' },
    delivered_at: 1_619_656_054,
  })
})

test('HTML goes as it is; text and Markdown are shown as they were written, line by line', () => {
  const body = '*a*\n<b>b</b>'
  const seen = '*a*<br>&lt;b&gt;b&lt;/b&gt;'
  for (const build of [inbound, outbound]) {
    expect(jsonOf(build({ body, bodyFormat: 'html' }))).toMatchObject({ body })
    expect(jsonOf(build({ body, bodyFormat: 'text' }))).toMatchObject({ body: seen })
    expect(jsonOf(build({ body, bodyFormat: 'markdown' }))).toMatchObject({ body: seen })
    expect(jsonOf(build({ body }))).not.toHaveProperty('body_format')
  }
})

test('a message without text gets words that stand in for it', () => {
  expect(jsonOf(inbound({ body: ' \n ' }))).toMatchObject({ body: EMPTY_BODY })
  const { body } = outbound({ body: '', files: [file] })
  expect(body instanceof FormData && body.get('body')).toBe(ATTACHMENT_ONLY_BODY)
})

test('with files it is a form in bracket notation, made anew each time', () => {
  const changes = { files: [file, file], repliesToId: 'm-0', sentAt: new Date(1_619_656_054_999) }
  const [first, second] = [outbound(changes), outbound(changes)]
  expect(first.body).not.toBe(second.body)
  expect(first.headers).not.toHaveProperty('content-type')
  const form = first.body instanceof FormData ? first.body : new FormData()
  expect([...form.keys()]).toEqual([
    'to[0][handle]',
    'body',
    'metadata[external_id]',
    'metadata[external_conversation_id]',
    'metadata[referenced_message_external_id]',
    'delivered_at',
    'attachments[0]',
    'attachments[1]',
  ])
  expect(form.get('delivered_at')).toBe('1619656054')
  expect(form.get('attachments[1]')).toMatchObject({ name: 'é "1".png', type: 'image/png', size: 2 })
})
