import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { firstIdAt, newId } from '#db/ids'
import { findMessageIds, type LogFilter, pageStatement, sourceStatements } from '#db/queries/message-log'
import { listMessageRows } from '#db/queries/message-rows'
import { planSearch } from '#lib/message-search'
import {
  type Channel,
  type Conversation,
  createChannel,
  createConversation,
  createMessage,
} from '#tests/support/factories'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'

let database: TestDatabase
let channel: Channel
let chat: Conversation
const db = () => database.db
const dayAgo = () => new Date(Date.now() - 86_400_000)
const nothing = planSearch('', 'auto')

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

async function freshChat(target = {}): Promise<void> {
  channel = await createChannel(db(), { target })
  chat = await createConversation(db(), channel.id)
}

async function find(filter: Partial<LogFilter>, limit = 50) {
  return findMessageIds(db(), { search: nothing, from: dayAgo(), to: null, channelId: channel.id, ...filter }, limit)
}

const ids = (...messages: { id: string }[]) => messages.map((message) => message.id)

describe('filters', () => {
  test('by status tell held from queued and retrying by the state of the channel', async () => {
    await freshChat({ heldSince: new Date() })
    const pending = await createMessage(db(), chat, { delivery: { status: 'pending' } })
    const retrying = await createMessage(db(), chat, { delivery: { status: 'retrying' } })
    await createMessage(db(), chat)
    expect((await find({ status: 'held' })).ids).toEqual(ids(retrying, pending))
    expect((await find({ status: 'queued' })).ids).toEqual([])
    expect((await find({ status: 'retrying' })).ids).toEqual([])
    await freshChat()
    const waits = await createMessage(db(), chat, { delivery: { status: 'pending' } })
    expect((await find({ status: 'queued' })).ids).toEqual(ids(waits))
    expect((await find({ status: 'held' })).ids).toEqual([])
  })

  test('needs attention is what failed and what Front never showed, but nothing a person has settled', async () => {
    await freshChat()
    const failed = await createMessage(db(), chat, { delivery: { status: 'failed', lastErrorClass: 'dns' } })
    const missing = await createMessage(db(), chat, { frontState: 'missing' })
    await createMessage(db(), chat, { frontState: 'missing', delivery: { status: 'discarded' } })
    await createMessage(db(), chat, { frontState: 'confirmed' })
    expect((await find({ status: 'attention' })).ids).toEqual(ids(missing, failed))
    expect((await find({ status: 'unconfirmed' })).ids).toEqual(ids(missing))
    expect((await find({ status: 'failed', errorClass: 'dns' })).ids).toEqual(ids(failed))
    expect((await find({ status: 'failed', errorClass: 'tls' })).ids).toEqual([])
    expect((await find({ status: 'attention', search: planSearch('order', 'text') })).ids).toEqual(ids(missing, failed))
  })

  test('by direction and by time', async () => {
    await freshChat()
    const old = await createMessage(db(), chat, { id: idAt(new Date(Date.now() - 3 * 86_400_000)) })
    const inbound = await createMessage(db(), chat)
    const outbound = await createMessage(db(), chat, { direction: 'outbound' })
    expect((await find({})).ids).toEqual(ids(outbound, inbound))
    expect((await find({ direction: 'outbound' })).ids).toEqual(ids(outbound))
    expect((await find({ from: new Date(0), to: dayAgo() })).ids).toEqual(ids(old))
  })
})

describe('search', () => {
  test('finds a message by any of its ids, whatever the time range', async () => {
    await freshChat()
    const keys = { provider: `order-1-${chat.id}`, front: `msg_${chat.id.slice(-12)}`, uid: `uid-${chat.id}` }
    const message = await createMessage(db(), chat, { id: idAt(new Date(Date.now() - 60 * 86_400_000)), keys })
    await createMessage(db(), chat)
    for (const id of [message.id, ...Object.values(keys)]) {
      expect(await find({ search: planSearch(id, 'auto') })).toMatchObject({ ids: ids(message), foundById: true })
    }
  })

  test('finds the messages of a conversation by Front’s id and by its key', async () => {
    channel = await createChannel(db())
    chat = await createConversation(db(), channel.id, { key: 'ticket-77', frontConversationId: 'cnv_abc123' })
    const first = await createMessage(db(), chat)
    const second = await createMessage(db(), chat, { direction: 'outbound' })
    for (const id of ['cnv_abc123', 'ticket-77', chat.id]) {
      expect((await find({ search: planSearch(id, 'auto') })).ids).toEqual(ids(second, first))
    }
  })

  test('finds a contact by the beginning of its handle, and takes % and _ as they are', async () => {
    channel = await createChannel(db())
    const one = await createConversation(db(), channel.id, { contactHandle: '+4930123' })
    const other = await createConversation(db(), channel.id, { contactHandle: 'a_b%c' })
    const called = await createMessage(db(), one)
    const odd = await createMessage(db(), other)
    expect((await find({ search: planSearch('+49 30', 'contact') })).ids).toEqual([])
    expect((await find({ search: planSearch('+49 301', 'auto') })).ids).toEqual(ids(called))
    expect((await find({ search: planSearch('a_b%', 'contact') })).ids).toEqual(ids(odd))
    expect((await find({ search: planSearch('a%c', 'contact') })).ids).toEqual([])
  })

  test('finds words by their beginning, all of them, in any order', async () => {
    await freshChat()
    const message = await createMessage(db(), chat, { body: 'The parcel for Łódź is broken' })
    await createMessage(db(), chat, { body: 'The parcel arrived' })
    expect((await find({ search: planSearch('brok parc', 'auto') })).ids).toEqual(ids(message))
    expect((await find({ search: planSearch('łódź', 'auto') })).ids).toEqual(ids(message))
    expect((await find({ search: planSearch("it's & ! | ( broken", 'text') })).ids).toEqual([])
    expect((await find({ search: planSearch('& ! | ( broken', 'text') })).ids).toEqual(ids(message))
  })

  test('of something that is nowhere finds nothing', async () => {
    await freshChat()
    await createMessage(db(), chat)
    for (const query of [newId(), 'msg_nowhere', 'cnv_nowhere', '!!!']) {
      expect((await find({ search: planSearch(query, 'auto') })).ids).toEqual([])
    }
  })
})

describe('pages', () => {
  test('go older and newer without gaps or repeats while new messages arrive', async () => {
    await freshChat()
    const all: string[] = []
    for (let n = 0; n < 7; n += 1) all.unshift((await createMessage(db(), chat)).id)
    const first = await find({}, 3)
    expect(first).toMatchObject({ ids: all.slice(0, 3), hasOlder: true, hasNewer: false })
    const arrived = await createMessage(db(), chat)
    const second = await find({ before: first.ids.at(-1) }, 3)
    expect(second).toMatchObject({ ids: all.slice(3, 6), hasOlder: true, hasNewer: true })
    const last = await find({ before: second.ids.at(-1) }, 3)
    expect(last).toMatchObject({ ids: all.slice(6), hasOlder: false })
    const back = await find({ after: second.ids[0] }, 3)
    expect(back).toMatchObject({ ids: all.slice(0, 3), hasNewer: true })
    // The way up ends at the newest page, full, not at a page of one.
    const top = [arrived.id, ...all.slice(0, 2)]
    expect(await find({ after: back.ids[0] }, 3)).toMatchObject({ ids: top, hasOlder: true, hasNewer: false })
  })

  test('show rows in the order of the ids, with status and preview', async () => {
    await freshChat()
    const first = await createMessage(db(), chat, { body: 'x'.repeat(500) })
    const second = await createMessage(db(), chat, { delivery: { status: 'failed', lastErrorClass: 'dns' } })
    const rows = await listMessageRows(db(), ids(second, first))
    expect(rows.map((row) => row.id)).toEqual(ids(second, first))
    expect(rows[0]).toMatchObject({ status: 'failed', lastErrorClass: 'dns', channelName: 'Website chat' })
    expect(rows[1]?.preview).toHaveLength(160)
  })
})

describe('plans', () => {
  const filters: Record<string, Partial<LogFilter>> = {
    'no filter': { channelId: undefined },
    'a channel': {},
    'a direction': { direction: 'outbound' },
    failed: { channelId: undefined, status: 'failed' },
    'needs attention': { channelId: undefined, status: 'attention' },
    'not confirmed': { channelId: undefined, status: 'unconfirmed' },
    'a contact': { channelId: undefined, search: planSearch('+4930', 'contact') },
    text: { channelId: undefined, search: planSearch('parcel', 'text') },
    'a page further down': { channelId: undefined, before: newId() },
  }
  for (const [what, more] of Object.entries(filters)) {
    test(`for ${what}: only the partitions of the time range, through an index`, async () => {
      await freshChat()
      const filter = { search: nothing, channelId: channel.id, from: dayAgo(), to: null, ...more }
      const { statements } = await sourceStatements(db(), filter, 51)
      const plan = await explain(pageStatement(statements, filter, 51))
      const month = (ahead: number) => monthName(new Date(), ahead)
      expect(plan).not.toContain('Seq Scan on messages')
      expect(plan).not.toContain('Seq Scan on deliveries')
      expect(plan).toContain(month(0))
      // Partitions before the range must not be read: one is made here for a month long gone.
      expect(plan).not.toContain('_2020_01')
    })
  }
})

async function explain(statement: ReturnType<typeof sql>): Promise<string> {
  await makeOldPartition()
  // A nearly empty table is read as a whole whatever its indexes: only without that choice does the plan tell something.
  return db().transaction(async (tx) => {
    await tx.execute(sql`set local enable_seqscan = off`)
    const rows = await tx.execute<{ 'QUERY PLAN': string }>(sql`explain ${statement}`)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
}

async function makeOldPartition(): Promise<void> {
  const [from, to] = [firstIdAt(new Date('2020-01-01T00:00:00Z')), firstIdAt(new Date('2020-02-01T00:00:00Z'))]
  for (const table of ['messages', 'deliveries']) {
    await db().execute(
      sql.raw(
        `create table if not exists ${table}_2020_01 partition of ${table} for values from ('${from}') to ('${to}')`,
      ),
    )
  }
}

function monthName(now: Date, ahead: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
    .toISOString()
    .slice(0, 7)
    .replace('-', '_')
}

/** An id as of another moment, unlike any other. */
function idAt(moment: Date): string {
  return firstIdAt(moment).slice(0, 19) + newId().slice(19)
}
