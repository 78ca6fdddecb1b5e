import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '#lib/errors'
import {
  autoreplyKey,
  externalConversationIds,
  type FrontEventOf,
  pageTokenOf,
  parseFrontEvent,
} from '#lib/front/events'

const links = {
  related: { conversation: 'https://x/conversations/cnv_1', message_replied_to: 'https://x/messages/msg_1' },
}
const message = { id: 'msg_2', body: '<p>Hi</p>', recipients: [{ handle: 'ada', role: 'to' }], _links: links }
const { id: _none, ...autoreply } = { ...message, type: 'auto_reply', created_at: 1_453_770_984.123, text: 'Hi' }

function parsed<Type extends Parameters<typeof of>[0]>(type: Type, rest: object) {
  return of(type, parseFrontEvent({ type, ...rest }))
}

function of(type: 'message' | 'message_autoreply' | 'list_addresses', event: ReturnType<typeof parseFrontEvent>) {
  if (event.type !== type) throw new Error(`It was read as ${event.type}.`)
  return event
}

function keyOf(more: object): string {
  const event = parsed('message_autoreply', { payload: { ...autoreply, ...more } })
  return autoreplyKey((event as FrontEventOf<'message_autoreply'>).payload)
}

describe('an event of Front', () => {
  test.each(['authorization', 'list_addresses', 'message', 'message_autoreply', 'message_imported', 'delete', 'sync'])(
    '%s is known, with fields that nobody knows yet',
    (type) => {
      const payload = { ...message, channel_id: 'cha_123', brand_new: { x: 1 } }
      expect(parseFrontEvent({ type, payload, extra: true }).type).toBe(type)
    },
  )

  test('of a type that nobody knows is passed on as it is', () => {
    const raw = { type: 'conversation_merged', payload: { a: 1 } }
    expect(parseFrontEvent(raw)).toEqual({ type: 'unknown', name: 'conversation_merged', raw })
    expect(parseFrontEvent({ type: 'toString' }).type).toBe('unknown')
  })

  test.each([[null], ['message'], [[]], [{}], [{ type: 7 }], [{ type: '' }]])('is not %j', (raw) => {
    expect(() => parseFrontEvent(raw)).toThrow(expect.objectContaining({ code: 'bad_request' }))
  })

  test.each([
    ['authorization', {}, 'payload'],
    ['authorization', { payload: { channel_id: 7 } }, 'payload.channel_id'],
    ['authorization', { payload: { channel_id: 'cha_../x' } }, 'payload.channel_id'],
    ['message', { payload: { ...message, id: '' } }, 'payload.id'],
    ['message', { payload: { body: 'x' } }, 'payload.id'],
    ['message_imported', {}, 'payload'],
  ])('%s with %j is refused by the field’s name', (type, rest, path) => {
    const details = [expect.objectContaining({ path })]
    expect(() => parseFrontEvent({ type, ...rest })).toThrow(
      expect.objectContaining({ code: 'invalid_input', details }),
    )
  })

  test('that deletes a channel needs no payload', () => {
    expect(parseFrontEvent({ type: 'delete' }).type).toBe('delete')
  })
})

describe('the ids of a conversation', () => {
  test.each([
    [undefined, []],
    [null, []],
    [{ external_conversation_id: 'a' }, ['a']],
    [{ external_conversation_id: 'a', external_conversation_ids: ['b', 'a'] }, ['b', 'a']],
    [{ external_conversation_ids: ['', 7, null, 'x'.repeat(201), 'ok'] }, ['ok']],
    [{ external_conversation_ids: 'a' }, []],
  ])('in %j are %j', (metadata, ids) => {
    const event = parsed('message', { payload: message, metadata }) as FrontEventOf<'message'>
    expect(externalConversationIds(event.metadata)).toEqual(ids)
  })
})

test('of ids without end only the first are taken', () => {
  const ids = Array.from({ length: 50_000 }, (_, index) => `t${index}`)
  const metadata = { external_conversation_ids: ids, external_conversation_id: 'last' }
  const event = parsed('message', { payload: message, metadata }) as FrontEventOf<'message'>
  expect(externalConversationIds(event.metadata)).toEqual([...ids.slice(0, 100), 'last'])
})

test('whatever JSON comes, it is an event or a refusal', () => {
  const types = [
    'authorization',
    'list_addresses',
    'message',
    'message_autoreply',
    'message_imported',
    'delete',
    'sync',
  ]
  const any = fc.jsonValue()
  const body = fc.record({ type: fc.constantFrom(...types), payload: any, metadata: any, pagination: any })
  const payload = fc.record({ id: any, body: any, recipients: any, attachments: any, _links: any, channel_id: any })
  const deep = fc.record({ type: fc.constantFrom(...types), payload, metadata: fc.dictionary(fc.string(), any) })
  fc.assert(
    fc.property(fc.oneof(body, deep, any), (raw) => {
      try {
        expect(parseFrontEvent(raw)).toHaveProperty('type')
      } catch (error) {
        expect(error).toBeInstanceOf(AppError)
      }
    }),
  )
})

test.each([
  [{}, null],
  [{ payload: { page_token: 'a' } }, 'a'],
  [{ payload: { next_page_token: 'b' } }, 'b'],
  [{ pagination: { next_page_token: 'c' } }, 'c'],
  [{ payload: 'x', pagination: { page_token: 7 } }, null],
])('the page that %j asks for begins at %j', (rest, token) => {
  expect(pageTokenOf(parsed('list_addresses', rest) as FrontEventOf<'list_addresses'>)).toBe(token)
})

describe('what stands for the id of an auto-reply', () => {
  test('is the same when Front sends it again', () => {
    expect(keyOf({})).toBe(keyOf({ brand_new: 1 }))
  })

  test.each([
    ['another rule that answers the same message at the same time', { body: '<p>Closed</p>' }],
    ['the same rule at another time', { created_at: 1_453_770_985 }],
    ['an answer to another message', { _links: { related: { message_replied_to: 'https://x/messages/msg_9' } } }],
    ['a reply to somebody else', { recipients: [{ handle: 'bob', role: 'to' }] }],
  ])('is another one for %s', (_what, more) => {
    expect(keyOf(more)).not.toBe(keyOf({}))
  })
})
