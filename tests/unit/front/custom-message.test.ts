import { expect, test } from 'vitest'
import { type CustomMessage, receiveCustomMessageRequest } from '#lib/front/custom-message'
import { ATTACHMENT_ONLY_BODY, EMPTY_BODY } from '#lib/front/message-text'

const access = { baseUrl: 'https://front.example', token: 'secret-token' }
const file = { filename: 'é "1".png', contentType: 'image/png', bytes: new Uint8Array([0, 255]) }
const message: CustomMessage = {
  id: 'm-1',
  sender: { handle: 'ada' },
  body: 'Hello',
  bodyFormat: 'text',
  reference: null,
  files: [],
}

function build(changes: Partial<CustomMessage> = {}) {
  return receiveCustomMessageRequest(access, { frontChannelId: 'cha_1', message: { ...message, ...changes } })
}

function jsonOf(changes: Partial<CustomMessage>) {
  const { body } = build(changes)
  return typeof body === 'string' ? JSON.parse(body) : null
}

test('it goes to the channel’s incoming messages with the token', () => {
  expect(build()).toMatchObject({
    method: 'POST',
    url: 'https://front.example/channels/cha_1/incoming_messages',
    headers: { authorization: 'Bearer secret-token', 'content-type': 'application/json' },
  })
})

test('what is not given is not sent, above all no reference', () => {
  expect(jsonOf({ sender: { handle: 'ada', name: null, contactId: '' }, subject: '', headers: null })).toEqual({
    sender: { handle: 'ada' },
    body: 'Hello',
    body_format: 'html',
    metadata: { headers: { patchbay_message_id: 'm-1' } },
  })
})

test('our own id wins over a header of the same name', () => {
  const { metadata } = jsonOf({ headers: { patchbay_message_id: 'forged', ticket: 1 }, reference: 'r' })
  expect(metadata).toEqual({ thread_ref: 'r', headers: { patchbay_message_id: 'm-1', ticket: 1 } })
})

test('each format is named, and only plain text is changed', () => {
  const body = '*a* <b>b</b>'
  expect(jsonOf({ body, bodyFormat: 'html' })).toMatchObject({ body, body_format: 'html' })
  expect(jsonOf({ body, bodyFormat: 'markdown' })).toMatchObject({ body, body_format: 'markdown' })
  expect(jsonOf({ body })).toMatchObject({ body: '*a* &lt;b&gt;b&lt;/b&gt;', body_format: 'html' })
})

test('a message without text gets words that stand in for it', () => {
  expect(jsonOf({ body: ' \n ' })).toMatchObject({ body: EMPTY_BODY, body_format: 'html' })
  const { body } = build({ body: '', bodyFormat: 'markdown', files: [file] })
  expect(body instanceof FormData && [body.get('body'), body.get('body_format')]).toEqual([
    ATTACHMENT_ONLY_BODY,
    'html',
  ])
})

test('with files it is a form in bracket notation', async () => {
  const { body, headers } = build({
    files: [file, file],
    headers: { n: 1, deep: { list: ['a'] }, 'x[y]': 'z' },
    reference: 'r',
  })
  expect(headers).not.toHaveProperty('content-type')
  const form = body instanceof FormData ? body : new FormData()
  expect([...form.keys()]).toEqual([
    'sender[handle]',
    'body',
    'body_format',
    'metadata[thread_ref]',
    'metadata[headers][n]',
    'metadata[headers][deep][list][0]',
    'metadata[headers][x_y_]',
    'metadata[headers][patchbay_message_id]',
    'attachments[0]',
    'attachments[1]',
  ])
  const sent = form.get('attachments[1]')
  expect(sent).toMatchObject({ name: 'é "1".png', type: 'image/png', size: 2 })
})

test('a form can be built any number of times from the same message', () => {
  const [first, second] = [build({ files: [file] }), build({ files: [file] })]
  expect(first.body).not.toBe(second.body)
})
