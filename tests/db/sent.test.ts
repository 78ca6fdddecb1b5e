import { asc, eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { settleDeliveries } from '#db/queries/settle'
import { deliveries } from '#db/schema/deliveries'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import { callDoor, doorDeps, openApplicationDoor, openChannelDoor, postIncoming } from '#tests/support/door'
import { claim, settlement } from '#tests/support/engine'
import { type Channel, createAttempt, createConversation, createMessage } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

type Door = { channel: Channel; bearer: string }

const BOT = { to: [{ handle: 'ada', name: 'Ada' }], body: 'Your parcel is on its way.' }

const postSent = (door: Door, body: unknown) => callDoor(deps, door, { path: 'sent', body })
const messagesOf = ({ channel }: Door) =>
  db.select().from(messages).where(eq(messages.channelId, channel.id)).orderBy(asc(messages.id))
const requestsOf = ({ channel }: Door) => db.select().from(requests).where(eq(requests.channelId, channel.id))
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000)

test('what a bot sent is stored to be shown in Front, in the customer’s conversation', async () => {
  const door = await openApplicationDoor(db)
  const asked = await postIncoming(deps, door, { sender: { handle: 'ada' }, body: 'Where is it?', external_id: 'm-1' })
  const answer = await postSent(door, {
    to: [{ handle: 'ada', name: 'Ada', email: 'ada@example.com' }, { handle: 'bob' }],
    sender_name: 'Parcel bot',
    author_id: 'tea_1',
    subject: 'Parcel',
    body: 'On its way.',
    external_id: 's-1',
    in_reply_to: 'm-1',
    sent_at: '2026-01-02T03:04:05Z',
  })

  expect(answer.status).toBe(202)
  expect(answer.json).toEqual({
    status: 'accepted',
    id: expect.any(String),
    message_uid: null,
    conversation: { ...asked.json.conversation, is_new: false },
    duplicate: false,
  })
  const [, message] = await messagesOf(door)
  expect(message).toMatchObject({
    id: answer.json.id,
    kind: 'sent_elsewhere',
    direction: 'inbound',
    contactHandle: 'ada',
    externalId: 's-1',
    author: { name: 'Parcel bot', id: 'tea_1' },
    recipients: [
      { handle: 'ada', name: 'Ada', email: 'ada@example.com', role: 'to' },
      { handle: 'bob', name: null, email: null, role: 'to' },
    ],
    subject: 'Parcel',
    bodyFormat: 'text',
    referencedMessageId: asked.json.id,
    sentAt: new Date('2026-01-02T03:04:05Z'),
  })
  const [delivery] = await db.select().from(deliveries).where(eq(deliveries.id, answer.json.id))
  expect(delivery).toMatchObject({ status: 'pending', direction: 'inbound' })
})

test('the body of Front’s own sync call is taken as it is, also with one object in to', async () => {
  const door = await openApplicationDoor(db, { threading: { type: 'provider' } })
  const body = {
    to: { handle: 'ada', name: 'Ada' },
    body: '<p>On its way</p>',
    metadata: { external_id: 's-1', external_conversation_id: 'c-1' },
    delivered_at: 1_763_726_400,
  }
  const first = await postSent(door, body)
  const second = await postSent(door, body)

  expect(first.json.conversation).toEqual({ key: 'c-1', reference: 'c-1', is_new: true })
  expect(second.json).toEqual({ ...first.json, duplicate: true })
  expect(await messagesOf(door)).toMatchObject([
    {
      kind: 'sent_elsewhere',
      contactHandle: 'ada',
      contactName: 'Ada',
      bodyFormat: 'html',
      externalId: 's-1',
      author: null,
    },
  ])
  expect(await requestsOf(door)).toMatchObject([{ code: 'duplicate', messageId: first.json.id }])
})

test('a form numbers its recipients and brings files', async () => {
  const door = await openApplicationDoor(db, { contactType: 'phone', defaultCountry: 'FR' })
  const form = new FormData()
  form.append('to[0][handle]', '06 12 34 56 78')
  form.append('to[1][handle]', '+44 20 7946 0958')
  form.append('attachments[0]', new Blob(['x'], { type: 'application/pdf' }), 'bill.pdf')
  const answer = await postSent(door, form)

  expect(answer.status).toBe(202)
  expect(await messagesOf(door)).toMatchObject([
    {
      contactHandle: '+33612345678',
      recipients: [{ handle: '+33612345678' }, { handle: '+442079460958' }],
      attachments: [{ filename: 'bill.pdf' }],
    },
  ])
})

test('the same id with another content is a conflict, whether it came in or was sent', async () => {
  const door = await openApplicationDoor(db)
  await postIncoming(deps, door, { sender: { handle: 'ada' }, body: 'Hello', external_id: 'm-1' })
  await postSent(door, { ...BOT, external_id: 's-1' })

  expect((await postSent(door, { ...BOT, external_id: 'm-1' })).status).toBe(409)
  expect((await postSent(door, { ...BOT, external_id: 's-1', body: 'Other' })).status).toBe(409)
  expect(await messagesOf(door)).toHaveLength(2)
})

/** A reply that was carried to the provider, or is on its way there. */
async function reply(door: Door, more: Parameters<typeof createMessage>[2] = {}) {
  const conversation = await createConversation(db, door.channel.id, { contactHandle: 'ada' })
  return createMessage(db, conversation, { direction: 'outbound', body: BOT.body, ...more })
}

const delivered = (at: Date) => ({ delivery: { status: 'delivered' as const, endedAt: at } })

async function expectEcho(door: Door, body: unknown, id: string) {
  const answer = await postSent(door, body)
  expect(answer).toMatchObject({ status: 200, json: { status: 'echo', id } })
  expect((await messagesOf(door)).filter(({ kind }) => kind === 'sent_elsewhere')).toEqual([])
  expect(await requestsOf(door)).toMatchObject([{ status: 200, code: 'echo', messageId: id }])
}

test('a reply of ours that comes back by the id that the provider gave it is an echo', async () => {
  const door = await openApplicationDoor(db)
  const known = await reply(door, {
    externalId: 'sms-1',
    keys: { provider_answer: 'sms-1' },
    ...delivered(minutesAgo(99)),
  })
  await expectEcho(door, { ...BOT, body: 'Cut by the provi…', external_id: 'sms-1' }, known.id)
})

test('a reply that comes back with our id is an echo, whatever else it says, and its id is learned', async () => {
  const door = await openApplicationDoor(db)
  const known = await reply(door, delivered(minutesAgo(99)))
  await expectEcho(
    door,
    { to: [{ handle: 'bob' }], body: 'Other', message_id: known.id, external_id: 'sms-2' },
    known.id,
  )
  expect((await postSent(door, { ...BOT, external_id: 'sms-2' })).json).toEqual({ status: 'echo', id: known.id })
  expect(await messagesOf(door)).toMatchObject([{ id: known.id, externalId: 'sms-2' }])
})

test('a reply that comes back before the provider answered for it is an echo, and the answer changes nothing', async () => {
  const door = await openApplicationDoor(db)
  const { id } = await reply(door, { delivery: { status: 'pending' } })
  const [claimed] = (await claim(db)).filter(({ deliveryId }) => deliveryId === id)
  if (!claimed) throw new Error('The reply was not claimed.')
  await expectEcho(door, { ...BOT, body: `  ${BOT.body.replace(' ', '\n')} `, external_id: 'sms-3' }, id)

  await settleDeliveries(db, [settlement(claimed, 'delivered', { external_id: 'sms-3' })])
  expect((await postSent(door, { ...BOT, external_id: 'sms-3' })).json.status).toBe('echo')
  expect(await messagesOf(door)).toMatchObject([{ id, externalId: 'sms-3' }])
})

test('two replies with the same text are two echoes', async () => {
  const door = await openApplicationDoor(db)
  const [first, second] = [await reply(door, delivered(new Date())), await reply(door, delivered(new Date()))]
  const answers = await Promise.all(['sms-4', 'sms-5'].map((external_id) => postSent(door, { ...BOT, external_id })))

  expect(new Set(answers.map(({ json }) => json.id))).toEqual(new Set([first.id, second.id]))
  expect(new Set((await messagesOf(door)).map(({ externalId }) => externalId))).toEqual(new Set(['sms-4', 'sms-5']))
})

test('a reply whose last try has just been lost may be what comes back', async () => {
  const door = await openApplicationDoor(db)
  const waiting = await reply(door, {
    delivery: { status: 'retrying', nextAttemptAt: minutesAgo(-10), attempts: 1, answerLost: true },
  })
  await createAttempt(db, waiting.id, { outcome: 'retrying', startedAt: minutesAgo(1) })
  await expectEcho(door, { ...BOT, external_id: 'sms-6' }, waiting.id)
})

const noEcho: Record<string, (door: Door) => Promise<unknown>> = {
  'a reply that was delivered longer ago': (door) => reply(door, delivered(minutesAgo(3))),
  'a reply that waits and was never tried': (door) => reply(door, { delivery: { status: 'pending' } }),
  'a reply that the provider gave another id': (door) =>
    reply(door, { externalId: 'sms-8', keys: { provider_answer: 'sms-8' }, ...delivered(new Date()) }),
  'a reply with another text': (door) => reply(door, { ...delivered(new Date()), body: 'Another' }),
  'a reply to somebody else': (door) => reply(door, { ...delivered(new Date()), contactHandle: 'bob' }),
  'what the customer wrote': (door) => reply(door, { ...delivered(new Date()), direction: 'inbound' }),
  'a test': (door) => reply(door, { ...delivered(new Date()), isTest: true }),
  'a reply on another channel': async () => reply(await openApplicationDoor(db), delivered(new Date())),
}

for (const [what, prepare] of Object.entries(noEcho)) {
  test(`${what} is not taken for an echo`, async () => {
    const door = await openApplicationDoor(db)
    await prepare(door)
    expect(await postSent(door, { ...BOT, external_id: 'sms-7' })).toMatchObject({
      status: 202,
      json: { duplicate: false },
    })
  })
}

test('our own id of another channel’s message makes no echo', async () => {
  const door = await openApplicationDoor(db)
  const foreign = await reply(await openApplicationDoor(db), delivered(new Date()))
  for (const message_id of [foreign.id, 'no id of ours']) {
    expect((await postSent(door, { ...BOT, message_id })).status).toBe(202)
  }
})

test('a custom channel says why it cannot take what was sent elsewhere', async () => {
  const door = await openChannelDoor(db)
  const answer = await postSent(door, BOT)
  expect(answer).toMatchObject({ status: 422, json: { error: { code: 'application_only' } } })
  expect(answer.json.error.message).toContain('custom channel')
  expect(await messagesOf(door)).toEqual([])
  expect(await requestsOf(door)).toMatchObject([{ code: 'application_only' }])
})

const refusals: Record<string, [Record<string, unknown>, string[]]> = {
  'nobody to send to': [{ to: undefined }, ['to']],
  'an empty list': [{ to: [] }, ['to']],
  'a recipient without a handle': [{ to: [{ handle: 'ada' }, { name: 'Bob' }] }, ['to.1.handle']],
  'a handle that is not right': [{ to: [{ handle: 'ada' }, { handle: '  ' }] }, ['to.1.handle']],
  'a text for a recipient': [{ to: ['ada'] }, ['to.0']],
  'an e-mail address that is none': [{ to: { handle: 'ada', email: 'ada' } }, ['to.0.email']],
  'a crowd': [{ to: Array.from({ length: 51 }, (_, n) => ({ handle: `h${n}` })) }, ['to']],
  'a sender': [{ sender: { handle: 'ada' } }, ['sender']],
  'no text and no file': [{ body: '' }, ['body']],
}

for (const [what, [more, paths]] of Object.entries(refusals)) {
  test(`refuses ${what}, naming ${paths.join(', ')}`, async () => {
    const door = await openApplicationDoor(db)
    const { status, json } = await postSent(door, { ...BOT, ...more })
    expect(status).toBe(422)
    expect(json.error.details.map(({ path }: { path: string }) => path)).toEqual(paths)
    expect(await messagesOf(door)).toEqual([])
    expect(await requestsOf(door)).toMatchObject([{ code: 'invalid_input' }])
  })
}

test('nothing is taken without the key, nor beyond the limit of the channel', async () => {
  const door = await openApplicationDoor(db, { requestsPerMinute: 1 })
  expect((await postSent({ ...door, bearer: 'pbk_wrong' }, BOT)).status).toBe(401)
  expect((await postSent(door, BOT)).status).toBe(202)
  const limited = await postSent(door, BOT)
  expect(limited.status).toBe(429)
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
})
