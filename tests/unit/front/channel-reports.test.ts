import { expect, test } from 'vitest'
import { createCallRequest } from '#lib/front/calls'
import { messageFailedRequest, updateChannelStatusRequest } from '#lib/front/channel-reports'
import { createChannelRequest } from '#lib/front/requests'
import { patchTemplateRequest, readTemplateId } from '#lib/front/templates'

const access = { baseUrl: 'https://front.example', token: 'a.b.c' }
const failed = { frontChannelId: 'cha_1', externalConversationId: 'thread-1', externalId: 'm-1' }

test('a channel is set offline and back by one word', () => {
  const request = updateChannelStatusRequest(access, { frontChannelId: 'cha_1', status: 'offline' })
  const url = 'https://front.example/channels/cha_1'
  expect(request).toMatchObject({ method: 'PATCH', url, body: '{"status":"offline"}' })
})

test('a failed message is named by the ids that Front was told, with the reason in words', () => {
  expect(messageFailedRequest(access, { ...failed, reason: 'The number does not exist.' })).toMatchObject({
    method: 'PUT',
    url: 'https://front.example/channels/cha_1/conversations/thread-1/messages/m-1/status',
    body: '{"status":"failed","reason":"The number does not exist."}',
  })
  expect(messageFailedRequest(access, { ...failed, reason: null }).body).toBe('{"status":"failed"}')
})

test('ids with signs of their own stay one part of the path', () => {
  const ids = { externalConversationId: 'a/b?c=1#d+e:f %2e', externalId: 'é\u0000' }
  const { url } = messageFailedRequest(access, { ...failed, ...ids })
  const [, , , , conversation = '', , message = ''] = new URL(url).pathname.split('/')
  expect([conversation, message].map(decodeURIComponent)).toEqual(Object.values(ids))
  expect(new URL(url).search + new URL(url).hash).toBe('')
})

for (const id of ['', '.', '..']) {
  test(`an id of “${id}” is refused: it would lead to another place`, () => {
    const refusal = expect.objectContaining({ code: 'invalid_input' })
    expect(() => messageFailedRequest(access, { ...failed, externalConversationId: id })).toThrow(refusal)
    expect(() => patchTemplateRequest(access, { frontChannelId: 'cha_1', externalId: id, change: {} })).toThrow(refusal)
  })
}

test('a call that was not transferred is its own parent; one that was names the first', () => {
  const call = {
    external_call_id: 'c2',
    initial_status: 'ringing',
    direction: 'inbound',
    from: { handle: 'a' },
  } as const
  const parentOf = (parent?: string) => {
    const request = createCallRequest(access, {
      frontChannelId: 'cha_1',
      call: parent ? { ...call, parent_external_call_id: parent } : call,
    })
    return JSON.parse(String(request.body)).parent_external_call_id
  }
  expect([parentOf(), parentOf('c1')]).toEqual(['c2', 'c1'])
})

test('the id of a template is read as text, whichever type Front gives it', () => {
  const bodies = ['{"template_id":777}', '{"template_id":"msg_777"}', '{"template_id":""}', '{}', '', 'created']
  expect(bodies.map((body) => readTemplateId({ body }))).toEqual(['777', 'msg_777', null, null, null, null])
})

test('a channel of an app is created with its credentials, and never with an address of ours', () => {
  const credentials = { username: 'a', password: 'b' }
  const channel = { inboxId: 'inb_1', name: 'Chat', applicationUid: 'app-uid', credentials }
  expect(JSON.parse(String(createChannelRequest(access, channel).body))).toEqual({
    type: 'custom',
    name: 'Chat',
    application_uid: 'app-uid',
    credentials,
  })
  const withSettings = { ...channel, credentials: null, settings: { undoSendTimeS: 5 } } as const
  expect(JSON.parse(String(createChannelRequest(access, withSettings).body))).toEqual({
    type: 'custom',
    name: 'Chat',
    application_uid: 'app-uid',
    settings: { undo_send_time: 5 },
  })
})
