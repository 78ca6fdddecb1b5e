import { eq } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { pairConversations } from '#db/queries/confirmations'
import { getQueuePlace } from '#db/queries/message-details'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue, lanes } from '#db/schema/lanes'
import { messages } from '#db/schema/messages'
import { discardDelivery } from '#lib/flows/discard-delivery'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { delivering, jsonOf } from '#tests/support/delivering'
import { doorDeps, frontReply, KEYS, openChannelDoor, postOutgoing } from '#tests/support/door'
import { passTime } from '#tests/support/engine'
import { createConversation } from '#tests/support/factories'
import { otherSide } from '#tests/support/other-side'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)
const deps = doorDeps(db)
const { drainOnce } = delivering(db, KEYS)
const HOUR_MS = 3_600_000

/** A channel with three conversations of ours; `front` names conversations of Front's, which start in the first. */
async function openScene(front: string[]) {
  await db.delete(laneQueue) // what an earlier scene left waiting
  await db.delete(lanes)
  const door = await openChannelDoor(db)
  const channelId = door.channel.id
  const ours = await Promise.all(['a', 'b', 'c'].map((key) => createConversation(db, channelId, { key })))
  const arrived: { front: string; n: number; key: string }[] = []
  const next = new Map(front.map((name) => [name, 0]))
  const move = async (name: string, to: number) => {
    const conversationId = ours[to]?.id ?? ''
    const pair = { channelId, conversationId, frontConversationId: name }
    await db.transaction((tx) => pairConversations(tx, pair))
  }
  for (const name of front) await move(name, 0)
  return {
    arrived,
    move,
    /** Front posts the next reply of one of its conversations. Returns our id. */
    reply: async (name: string): Promise<string> => {
      const n = next.get(name) ?? 0
      next.set(name, n + 1)
      const related = { conversation: `https://api2.frontapp.com/conversations/${name}` }
      const ids = { id: `msg_${name}_${n}`, message_uid: `uid_${name}_${n}` }
      const { status, json } = await postOutgoing(
        deps,
        door,
        frontReply({ ...ids, body: `${name} ${n}`, _links: { related } }),
      )
      expect(status).toBe(200)
      return json.id
    },
    /** The provider takes what `accepts` says, and what waited for a retry is due. */
    deliver: async (accepts: (key: string) => boolean = () => true) => {
      await passTime(db, HOUR_MS)
      const provider = otherSide((request) => {
        const { conversation, message } = jsonOf(request)
        if (!accepts(conversation.key)) return { status: 500, body: 'not now' }
        const [name = '', n = ''] = message.body.split(' ')
        arrived.push({ front: name, n: Number(n), key: conversation.key })
        return { status: 200 }
      })
      await drainOnce(provider.send)
    },
    /** What has arrived of one of Front's conversations. */
    of: (name: string) => arrived.filter((one) => one.front === name).map(({ n }) => n),
  }
}

test('replies that wait when Front’s conversation becomes another of ours arrive before the newer ones', async () => {
  const scene = await openScene(['cnv_1'])
  await scene.reply('cnv_1')
  const second = await scene.reply('cnv_1')
  await scene.deliver(() => false)
  await scene.move('cnv_1', 1)
  const third = await scene.reply('cnv_1')

  await scene.deliver((key) => key !== 'a')
  expect(scene.arrived).toEqual([])
  const [delivery] = await db.select().from(deliveries).where(eq(deliveries.id, third))
  expect(delivery).toMatchObject({ status: 'pending', attempts: 0 })
  expect(await getQueuePlace(db, third)).toMatchObject({ ahead: 0, afterId: second })

  await scene.deliver()
  await scene.deliver()
  expect(scene.arrived).toEqual([
    { front: 'cnv_1', n: 0, key: 'a' },
    { front: 'cnv_1', n: 1, key: 'a' },
    { front: 'cnv_1', n: 2, key: 'b' },
  ])
})

test('a reply in a conversation that never moved waits for nothing of another', async () => {
  const scene = await openScene(['cnv_1', 'cnv_2'])
  await scene.move('cnv_2', 1)
  await scene.reply('cnv_1')
  await scene.reply('cnv_2')
  await scene.deliver((key) => key !== 'a')
  expect(scene.arrived).toEqual([{ front: 'cnv_2', n: 0, key: 'b' }])
})

test('one that is discarded while it waits keeps the newer ones behind those before it', async () => {
  const scene = await openScene(['cnv_1'])
  await scene.reply('cnv_1')
  await scene.deliver(() => false)
  await scene.move('cnv_1', 1)
  const second = await scene.reply('cnv_1')
  await scene.reply('cnv_1')
  await scene.move('cnv_1', 2)
  await scene.reply('cnv_1')
  await discardDelivery(db, { deliveryId: second, by: 'mina@example.com', reason: 'twice', now: new Date() })

  await scene.deliver((key) => key !== 'a')
  expect(scene.arrived).toEqual([])
  await scene.deliver()
  await scene.deliver()
  await scene.deliver()
  expect(scene.of('cnv_1')).toEqual([0, 2, 3])
})

test('one that a person asks for again waits for its turn of now only, so two can never wait for one another', async () => {
  const scene = await openScene(['cnv_1'])
  await scene.reply('cnv_1')
  await scene.deliver(() => false)
  await scene.move('cnv_1', 1)
  const second = await scene.reply('cnv_1')
  await scene.deliver()
  await scene.deliver()
  await db.update(deliveries).set({ status: 'failed' }).where(eq(deliveries.id, second))
  await retryDelivery(db, { deliveryId: second, requestedBy: 'mina@example.com', now: new Date() })
  const [again] = await db.select().from(deliveries).where(eq(deliveries.id, second))
  expect(again).toMatchObject({ status: 'pending', afterId: null })
})

const NAMES = ['cnv_1', 'cnv_2']
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('reply' as const), which: fc.nat(1), to: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('move' as const), which: fc.nat(1), to: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('deliver' as const), which: fc.nat(7), to: fc.nat(2) }) },
)

test('whatever Front moves and whenever providers fail, replies keep their order in Front’s conversations and in ours', {
  timeout: 120_000,
}, async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
    const scene = await openScene(NAMES)
    const taken: string[] = []
    for (const { do: what, which, to } of steps) {
      const name = NAMES[which % 2] ?? ''
      if (what === 'reply') taken.push(await scene.reply(name))
      else if (what === 'move') await scene.move(name, to)
      else await scene.deliver((key) => Boolean(which & (1 << 'abc'.indexOf(key))))
    }
    // A chain of lanes that wait for one another is as long as there are messages.
    for (let n = 0; n <= taken.length && scene.arrived.length < taken.length; n += 1) await scene.deliver()
    expect(scene.arrived).toHaveLength(taken.length)
    for (const name of NAMES) expect(scene.of(name)).toEqual(scene.of(name).toSorted((one, other) => one - other))
    await expectOwnOrder(taken, scene.arrived)
  })
  await fc.assert(property, { numRuns: 20 })
})

/** Within each conversation of ours the arrivals are in the order in which they were taken. */
async function expectOwnOrder(taken: string[], arrived: { front: string; n: number; key: string }[]): Promise<void> {
  const bodies = await Promise.all(
    taken.map(async (id) => (await db.select({ body: messages.body }).from(messages).where(eq(messages.id, id)))[0]),
  )
  const order = bodies.map((row) => row?.body)
  for (const key of ['a', 'b', 'c']) {
    const places = arrived.filter((one) => one.key === key).map(({ front, n }) => order.indexOf(`${front} ${n}`))
    expect(places).toEqual(places.toSorted((one, other) => one - other))
  }
}
