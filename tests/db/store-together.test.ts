import { asc, eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { connect } from '#db/client'
import { type StoredMessage, type StoreMessage, storeMessage, storeWritten, writeOut } from '#db/queries/store-message'
import { conversations } from '#db/schema/conversations'
import { laneQueue, lanes } from '#db/schema/lanes'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'
import { storeTogether } from '#lib/flows/store-together'
import { createChannel, createConversation } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'
import { type Told, tell } from '#tests/support/told-messages'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const told = fc.record<Told>({
  key: fc.option(fc.nat(3)),
  content: fc.nat(1),
  talk: fc.nat(2),
  name: fc.option(fc.constantFrom('Ada', 'Grace')),
})
const groups = fc.array(fc.array(told, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 4 })

/** Everything that is stored of a channel, with ids in words that do not depend on the run. */
async function read(channelId: string, inputs: StoreMessage[]) {
  const nth = new Map(inputs.map(({ message }, index) => [message.id, `message ${index}`]))
  const talks = await db.select().from(conversations).where(eq(conversations.channelId, channelId))
  const key = new Map(talks.map((talk) => [talk.id, talk.key]))
  const log = await db.select().from(messages).where(eq(messages.channelId, channelId)).orderBy(asc(messages.id))
  const keys = await db.select().from(messageKeys).where(eq(messageKeys.channelId, channelId))
  const waiting = await db
    .select()
    .from(laneQueue)
    .innerJoin(lanes, eq(lanes.id, laneQueue.laneId))
    .where(eq(lanes.channelId, channelId))
  const duty = await db.execute<{ id: string; status: string }>(
    sql`select id, status from deliveries where channel_id = ${channelId} order by id`,
  )
  return {
    talks: talks
      .map(({ key: of, reference, contactHandle, contactName }) => [of, reference, contactHandle, contactName].join())
      .sort(),
    log: log.map((one) =>
      [nth.get(one.id), key.get(one.conversationId), one.reference, one.startsConversation, one.body].join(),
    ),
    keys: keys.map((one) => [one.kind, one.value, one.bodyHash, nth.get(one.messageId)].join()).sort(),
    waiting: waiting
      .map(({ lanes: lane, lane_queue: place }) =>
        [
          key.get(lane.conversationId),
          place.seq,
          nth.get(place.deliveryId),
          lane.headSeq,
          lane.lastSeq,
          lane.dueAt !== null,
        ].join(),
      )
      .sort(),
    duty: duty.map(({ id, status }) => [nth.get(id), status].join()),
  }
}

function inWords({ outcome, id, conversation }: StoredMessage, inputs: StoreMessage[]): string {
  const nth = inputs.findIndex(({ message }) => message.id === id)
  return [outcome, nth, conversation?.key, conversation?.reference, conversation?.isNew].join()
}

test('groups of messages end as the same messages stored one by one', async () => {
  await fc.assert(
    fc.asyncProperty(groups, async (all) => {
      const [grouped, single] = [(await createChannel(db)).id, (await createChannel(db)).id]
      const knownHere = { key: 'known', contactHandle: 'ada', contactName: 'Known', reference: 'known' }
      const known = [await createConversation(db, grouped, knownHere), await createConversation(db, single, knownHere)]
      const groupedInputs = all.flat().map((one) => tell(grouped, one, known[0]?.id))
      const singleInputs = all.flat().map((one) => tell(single, one, known[1]?.id))
      const ends: [string[], string[]] = [[], []]
      let from = 0
      for (const { length } of all) {
        const group = groupedInputs.slice(from, from + length)
        from += length
        for (const end of await storeWritten(db, group.map(writeOut))) ends[0].push(inWords(end, groupedInputs))
      }
      for (const input of singleInputs) ends[1].push(inWords(await storeMessage(db, input), singleInputs))
      expect(ends[0]).toEqual(ends[1])
      expect(await read(grouped, groupedInputs)).toEqual(await read(single, singleInputs))
    }),
    { numRuns: 60 },
  )
})

test('a message that the database refuses fails alone, and its neighbours are stored', async () => {
  const channelId = (await createChannel(db)).id
  const inputs = [1, 2, 3, 4, 5].map((n) =>
    tell(channelId, { key: n, content: 0, talk: n, name: null, isBad: n === 3 }),
  )
  const ends = await Promise.allSettled(inputs.map((input) => storeTogether(db, input)))
  expect(ends.map((end) => (end.status === 'fulfilled' ? end.value.outcome : 'refused'))).toEqual([
    ...['stored', 'stored', 'refused', 'stored', 'stored'],
  ])
  const kept = await read(channelId, inputs)
  expect(kept.log).toHaveLength(4)
  expect(kept.keys).toHaveLength(4)
})

test('a message for a conversation that somebody holds waits alone, while the others are answered', async () => {
  const channelId = (await createChannel(db)).id
  const make = (talk: number) => tell(channelId, { key: null, content: 0, talk, name: null })
  await storeMessage(db, make(0))
  const holder = await database.sql.reserve()
  await holder`begin`
  await holder`select from lanes where channel_id = ${channelId} for update`
  const blocked = storeTogether(db, make(0))
  const others = await Promise.all([1, 2, 3, 4].map((talk) => storeTogether(db, make(talk))))
  expect(others.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored', 'stored'])
  const [row] = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from messages where channel_id = ${channelId}`,
  )
  expect(row?.n).toBe(5)
  await holder`commit`
  holder.release()
  expect((await blocked).outcome).toBe('stored')
})

test('servers that store groups of the same ids and conversations at once store each once, in order, and never lock in a ring', async () => {
  const channelId = (await createChannel(db)).id
  const servers = [connect(database.url, { max: 2 }), connect(database.url, { max: 2 })]
  const stored: string[] = []
  for (let round = 0; round < 20; round += 1) {
    const shared = Array.from({ length: 12 }, (_, n) => ({
      key: round * 12 + n,
      content: 0,
      talk: (n * 7) % 5,
      name: null,
    }))
    await Promise.all(
      servers.map(async (server, index) => {
        const inputs = (index === 0 ? shared : shared.toReversed()).map((one) => tell(channelId, one))
        const ends = await storeWritten(server.db, inputs.map(writeOut))
        stored.push(...ends.filter(({ outcome }) => outcome === 'stored').map(({ id }) => id))
      }),
    )
  }
  await Promise.all(servers.map((server) => server.end()))
  expect(stored).toHaveLength(240)
  const rows = await db.execute<{ gaps: number }>(sql`
    select (max(q.seq) - min(q.seq) + 1 - count(*))::int as gaps from lane_queue q join lanes l on l.id = q.lane_id
    where l.channel_id = ${channelId} group by q.lane_id`)
  expect([...rows].map(({ gaps }) => gaps)).toEqual([0, 0, 0, 0, 0])
})
