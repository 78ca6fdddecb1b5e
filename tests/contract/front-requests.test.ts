import { describe, expect, test } from 'vitest'
import { type CustomMessage, receiveCustomMessageRequest } from '#lib/front/custom-message'
import {
  addCommentRequest,
  createChannelRequest,
  downloadRequest,
  getChannelRequest,
  getMessageRequest,
  listChannelsRequest,
  listConversationMessagesRequest,
  listInboxChannelsRequest,
  listInboxesRequest,
  meRequest,
  updateChannelRequest,
} from '#lib/front/requests'
import type { FrontRequest } from '#lib/front/transport'
import { describeOperation, findSpecs, requestValidator, type SpecFile } from '#tests/contract/openapi'
import { readWire } from '#tests/contract/wire'

const access = { baseUrl: 'https://api2.frontapp.com', token: 'token' }
const specs = findSpecs()
if (!specs.found) console.warn(`Skipping the contract tests. ${specs.why}`)

const file = { filename: 'photo.png', contentType: 'image/png', bytes: new Uint8Array([137, 80, 78, 71, 0, 255]) }
const message: CustomMessage = {
  id: '0199aaaa-0000-7000-8000-000000000001',
  sender: { handle: '+33612345678', name: 'Ada', contactId: 'crd_1' },
  subject: 'An order',
  body: 'snake_case and *stars*\n<b>not bold</b>',
  bodyFormat: 'text',
  reference: 'pb-0123456789abcdef0123456789abcdef',
  headers: { ticket: 'T-1', page: 'https://shop.example/?a=1&b=[2]' },
  files: [],
}
const bare: CustomMessage = {
  id: 'm',
  sender: { handle: 'a' },
  body: '',
  bodyFormat: 'text',
  reference: null,
  files: [],
}
const intake = (sent: CustomMessage) => receiveCustomMessageRequest(access, { frontChannelId: 'cha_1', message: sent })

/** H1: an operation is named by its file and its id. */
type Case = { spec: [SpecFile, string]; request: FrontRequest }
const settings = {
  webhookUrl: 'https://patchbay.example/api/front/custom/k/outgoing',
  undoSendTimeS: 5,
  allTeammatesCanReply: true,
} as const

const bodies: Record<string, Case> = {
  'a message in plain text': { spec: ['core', 'receive-custom-messages'], request: intake(message) },
  'a message in HTML': {
    spec: ['core', 'receive-custom-messages'],
    request: intake({ ...message, bodyFormat: 'html' }),
  },
  'a message in Markdown': {
    spec: ['core', 'receive-custom-messages'],
    request: intake({ ...message, bodyFormat: 'markdown' }),
  },
  'a message with nothing but a handle': { spec: ['core', 'receive-custom-messages'], request: intake(bare) },
  'a message with files': {
    spec: ['core', 'receive-custom-messages'],
    request: intake({ ...message, files: [file, file] }),
  },
  'a file without text': { spec: ['core', 'receive-custom-messages'], request: intake({ ...bare, files: [file] }) },
  'a new channel': {
    spec: ['core', 'create-a-channel'],
    request: createChannelRequest(access, { inboxId: 'inb_1', name: 'Chat', settings }),
  },
  'a new channel with nothing but its address': {
    spec: ['core', 'create-a-channel'],
    request: createChannelRequest(access, {
      inboxId: 'inb_1',
      name: 'Chat',
      settings: { webhookUrl: settings.webhookUrl },
    }),
  },
  'a changed channel': {
    spec: ['core', 'update-channel'],
    request: updateChannelRequest(access, { channelId: 'cha_1', name: 'Chat', inboxId: 'inb_2', settings }),
  },
  'a channel with a new address': {
    spec: ['core', 'update-channel'],
    request: updateChannelRequest(access, { channelId: 'cha_1', settings: { webhookUrl: settings.webhookUrl } }),
  },
  'a comment': {
    spec: ['core', 'add-comment'],
    request: addCommentRequest(access, { conversationId: 'cnv_1', body: 'Not delivered.' }),
  },
}

const reads: Record<string, Case> = {
  'who we are': { spec: ['core', 'api-token-details'], request: meRequest(access) },
  'the inboxes': { spec: ['core', 'list-inboxes'], request: listInboxesRequest(access) },
  'the channels': { spec: ['core', 'list-channels'], request: listChannelsRequest(access) },
  'an inbox’s channels': { spec: ['core', 'list-inbox-channels'], request: listInboxChannelsRequest(access, 'inb_1') },
  'a channel': { spec: ['core', 'get-channel'], request: getChannelRequest(access, 'cha_1') },
  'a message': { spec: ['core', 'get-message'], request: getMessageRequest(access, 'alt:uid:1eab/5 k') },
  'a conversation’s messages': {
    spec: ['core', 'list-conversation-messages'],
    request: listConversationMessagesRequest(access, { conversationId: 'cnv_1', limit: 500 }),
  },
  'a message’s file': {
    spec: ['core', 'download-attachment-for-a-message'],
    request: downloadRequest(access, { messageId: 'msg_1', attachmentId: 'fil_1' }),
  },
  'a file': {
    spec: ['core', 'download-attachment'],
    request: downloadRequest(access, { messageId: null, attachmentId: 'fil_1' }),
  },
}

describe.skipIf(!specs.found)('Front’s own specification', () => {
  for (const [what, { spec, request }] of Object.entries(bodies)) {
    test(`knows every field of ${what}`, async () => {
      const validate = requestValidator(...spec)
      const { body } = await readWire(request)
      validate(body)
      expect(validate.errors ?? []).toEqual([])
    })
  }

  for (const [what, { spec, request }] of Object.entries({ ...bodies, ...reads })) {
    test(`has the method and path that we call for ${what}`, () => {
      const operation = describeOperation(...spec)
      const pattern = new RegExp(`^${operation.path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`)
      expect(request.method).toBe(operation.method)
      expect(new URL(request.url).pathname).toMatch(pattern)
      expect(request.headers.authorization).toBe('Bearer token')
    })
  }

  for (const [what, { request }] of Object.entries(reads)) {
    test(`gets no body with a question for ${what}`, () => {
      expect(request.body).toBeNull()
    })
  }
})

describe.skipIf(!specs.found)('the harness is strict', () => {
  const good = {
    sender: { handle: 'a' },
    body: 'b',
    body_format: 'html',
    metadata: { thread_ref: 'r', headers: { any: 1 } },
  }
  const wrong: Record<string, unknown> = {
    'a misspelt thread_ref': { ...good, metadata: { thread_reff: 'r' } },
    'the threading key of application channels': { ...good, metadata: { external_conversation_id: 'r' } },
    'an unknown field at the top': { ...good, external_id: '1' },
    'an unknown field of the sender': { ...good, sender: { handle: 'a', email: 'a@b.example' } },
    'a format that Front does not have': { ...good, body_format: 'text' },
    'no sender': { body: 'b' },
    'no handle': { ...good, sender: {} },
    'a null body': { ...good, body: null },
    'one file that is no list': { ...good, attachments: 'photo.png' },
    'no body at all': undefined,
    'a bare text': 'hello',
  }
  for (const [what, body] of Object.entries(wrong)) {
    test(`it refuses ${what}`, () => {
      expect(requestValidator('core', 'receive-custom-messages')(body)).toBe(false)
    })
  }

  test('it accepts what is right, with any data of our own in headers', () => {
    expect(requestValidator('core', 'receive-custom-messages')(good)).toBe(true)
  })

  test('it tells the two operations apart that share a name, a method and a path', () => {
    expect(requestValidator('channel', 'update-channel')({ status: 'offline' })).toBe(true)
    expect(requestValidator('core', 'update-channel')({ status: 'offline' })).toBe(false)
    expect(requestValidator('channel', 'update-channel')({ name: 'Chat' })).toBe(false)
  })

  test('it merges what a schema is put together from before it closes it', () => {
    const validate = requestValidator('core', 'create-contact')
    expect(validate({ name: 'Ada', handles: [{ handle: 'a', source: 'custom' }], custom_fields: { any: 'x' } })).toBe(
      true,
    )
    expect(validate({ name: 'Ada', handles: [{ handle: 'a', source: 'custom' }], nick: 'x' })).toBe(false)
  })
})

describe('files travel in a form, never in JSON', () => {
  test('a message with files is a form whose boundary its encoder chose', async () => {
    const request = intake({ ...message, files: [file] })
    expect(request.headers['content-type']).toBeUndefined()
    expect((await readWire(request)).contentType).toMatch(/^multipart\/form-data; boundary=.+/)
  })

  test('a message without files is JSON without a word of attachments', async () => {
    const { contentType, body } = await readWire(intake(message))
    expect(contentType).toBe('application/json')
    expect(body).not.toHaveProperty('attachments')
  })

  test('a form says the same as the JSON, with its files numbered', async () => {
    const json = await readWire(intake(message))
    const form = await readWire(intake({ ...message, files: [file, { ...file, filename: 'second.png' }] }))
    expect(form.body).toEqual({ ...Object(json.body), attachments: ['photo.png', 'second.png'] })
  })
})
