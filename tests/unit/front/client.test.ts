import { expect, test } from 'vitest'
import { frontClient } from '#lib/front/client'
import { uidAlias } from '#lib/front/requests'
import type { FrontOutcome, FrontRequest } from '#lib/front/transport'
import { answers } from '#tests/contract/recorded-answers'

type Reply = { status?: number; json?: unknown; body?: string } | { failed: string }

/** A client whose Front answers from a list, in order. */
function clientOf(...replies: Reply[]) {
  const calls: FrontRequest[] = []
  const send = async (request: FrontRequest): Promise<FrontOutcome> => {
    calls.push(request)
    const reply = replies[calls.length - 1]
    if (!reply) throw new Error(`The test did not expect call ${calls.length}: ${request.method} ${request.url}`)
    if ('failed' in reply) return { kind: 'failed', message: reply.failed }
    const body = reply.body ?? (reply.json === undefined ? '' : JSON.stringify(reply.json))
    return { kind: 'answered', answer: { status: reply.status ?? 200, headers: {}, body } }
  }
  return { client: frontClient({ baseUrl: 'https://front.example', token: 'secret-token', send }), calls }
}

test('who we are, inboxes and channels are read', async () => {
  expect((await clientOf({ json: answers.identity }).client.me()).name).toBe('Acme')
  expect((await clientOf({ json: { id: 42 } }).client.me()).id).toBe('42')
  expect((await clientOf({ json: answers.inboxes }).client.listInboxes()).map(({ id }) => id)).toEqual(['inb_1'])
  expect((await clientOf({ json: answers.channels }).client.listChannels()).map(({ id }) => id)).toEqual([
    'cha_1',
    'cha_2',
  ])
})

test('a message that Front does not have yet is null, and its alias is encoded', async () => {
  const { client, calls } = clientOf(
    { status: 404, json: { _error: { message: 'Unknown message' } } },
    { json: answers.message },
  )
  expect(await client.findMessage(uidAlias('a/b'))).toBeNull()
  expect(calls[0]?.url).toBe('https://front.example/messages/alt%3Auid%3Aa%2Fb')
  expect((await client.findMessage('msg_1q15qmtq'))?.id).toBe('msg_1q15qmtq')
})

const refusals: [string, Reply, string, RegExp][] = [
  [
    'a wrong token',
    { status: 401, json: { _error: { message: 'JSON Web Token error' } } },
    'upstream_refused',
    /API token.*JSON Web Token error/,
  ],
  ['a token without the scope', { status: 403 }, 'upstream_refused', /may not do this/],
  [
    'something unknown',
    { status: 404, json: { _error: { message: 'No such route.' } } },
    'upstream_refused',
    /No such route/,
  ],
  ['a rate limit', { status: 429 }, 'rate_limited', /slow down/],
  ['trouble at Front', { status: 502, body: '<h1>Bad Gateway</h1>' }, 'unavailable', /502.*Bad Gateway/],
  ['a redirect', { status: 301 }, 'upstream_refused', /base URL/],
  ['no answer', { failed: 'the name could not be looked up' }, 'unavailable', /looked up/],
  ['a web page', { body: '<html>' }, 'upstream_refused', /base URL/],
  ['JSON of somebody else', { json: { hello: 'world' } }, 'upstream_refused', /base URL/],
]

for (const [what, reply, code, message] of refusals) {
  test(`${what} is told as ${code}`, async () => {
    await expect(clientOf(reply).client.me()).rejects.toMatchObject({ code, message })
  })
}

test('no refusal gives the token away', async () => {
  for (const [, reply] of refusals) {
    const refusal = await clientOf(reply).client.me().catch(String)
    expect(refusal).toMatch(/^AppError: /)
    expect(refusal).not.toContain('secret-token')
  }
})

test('a comment and a message are sent', async () => {
  const { client, calls } = clientOf({ status: 201 }, { status: 202, json: answers.accepted })
  await client.addComment({ conversationId: 'cnv_1', body: 'Not delivered.' })
  const message = {
    id: 'm',
    sender: { handle: 'a' },
    body: 'b',
    bodyFormat: 'text',
    reference: null,
    files: [],
  } as const
  expect(await client.receiveCustomMessage('cha_1', message)).toEqual({ messageUid: answers.accepted.message_uid })
  expect(calls[0]).toMatchObject({
    url: 'https://front.example/conversations/cnv_1/comments',
    body: '{"body":"Not delivered."}',
  })
})
