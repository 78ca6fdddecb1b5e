import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import { signWebhook } from '#lib/provider/signature'
import { addKey, call, doorDeps, frontReply, openChannelDoor, postIncoming, postOutgoing } from '#tests/support/door'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

const requestsOf = (channelId: string) => db.select().from(requests).where(eq(requests.channelId, channelId))
const hello = { sender: { handle: 'ada' }, body: 'Hi' }

test('a signed call whose webhook-id no index could hold is refused by name, not by a failure inside', async () => {
  const { channel, signing } = await openChannelDoor(db)
  const body = JSON.stringify(hello)
  const id = Array.from({ length: 4000 }, (_, n) => String.fromCharCode(97 + ((n * n) % 26))).join('')
  const signature = signWebhook({ id, body, secrets: [signing], now: new Date() })
  const answer = await call(deps, `/api/channels/${channel.key}/incoming`, {
    headers: { ...signature, 'content-type': 'application/json' },
    body,
  })
  expect(answer.status).toBe(422)
  expect(answer.json.error.details[0].path).toBe('webhook-id')
})

test('a call that announces a body of a terabyte is kept with the others', async () => {
  const door = await openChannelDoor(db)
  const answer = await postIncoming(deps, door, hello, { 'content-length': '1000000000000' })
  expect(answer.status).toBe(413)
  expect(await requestsOf(door.channel.id)).toMatchObject([{ code: 'payload_too_large', bodyBytes: 2 ** 31 - 1 }])
})

test('the newest key opens the channel however many old ones still run out', async () => {
  const door = await openChannelDoor(db)
  const soon = new Date(Date.now() + 3_600_000)
  for (let n = 0; n < 25; n += 1) await addKey(db, door.channel, 'incoming', soon)
  const bearer = await addKey(db, door.channel, 'incoming')
  expect((await postIncoming(deps, { ...door, bearer }, hello)).status).toBe(202)
})

test('callers of one IPv6 network with wrong keys count as one', async () => {
  const door = await openChannelDoor(db)
  const tries = Array.from({ length: 14 }, (_, n) =>
    postIncoming(deps, { ...door, bearer: 'wrong' }, hello, { 'x-forwarded-for': `2001:db8:1:2::${n}` }),
  )
  const statuses = (await Promise.all(tries)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 429)).toHaveLength(4)
})

test.each([
  ['milliseconds', 1_453_770_984_123, '2016-01-26T01:16:24.123Z'],
  ['no time at all', 9e18, undefined],
])('a reply dated in %s is taken', async (_what, createdAt, expected) => {
  const door = await openChannelDoor(db)
  const answer = await postOutgoing(deps, door, frontReply({ created_at: createdAt }))
  expect(answer.status).toBe(200)
  const [message] = await db.select().from(messages).where(eq(messages.id, answer.json.id))
  expect(message?.sentAt?.toISOString()).toBe(expected)
})

test('a reply whose link names an impossible conversation is taken without it', async () => {
  const door = await openChannelDoor(db)
  const related = { conversation: 'https://api2.frontapp.com/conversations/cnv_%00' }
  const answer = await postOutgoing(deps, door, frontReply({ _links: { related } }))
  expect(answer.status).toBe(200)
  const [message] = await db.select().from(messages).where(eq(messages.id, answer.json.id))
  expect(message?.frontConversationId).toBeNull()
})
