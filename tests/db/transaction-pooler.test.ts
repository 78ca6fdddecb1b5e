import type { TransactionSql } from 'postgres'
import { afterAll, afterEach, expect, test } from 'vitest'
import { type Connection, connect } from '#db/client'
import { testDatabase } from '#tests/support/postgres'
import { startTransactionPooler, type TransactionPooler } from '#tests/support/transaction-pooler'

// The tests without a long-lived process rest on this pooler: here it shows that it breaks what poolers break.
const database = await testDatabase()
const SESSIONS = 3
const pooler: TransactionPooler = await startTransactionPooler(database.url, { sessions: SESSIONS })
const opened: Connection[] = []

function client() {
  const connection = connect(pooler.url, { max: 2, prepare: false, name: 'pooled' })
  opened.push(connection)
  return connection.sql
}

afterEach(async () => {
  for (const { end } of opened.splice(0)) await end()
})
afterAll(async () => {
  await pooler.close()
  await database.close()
})

test('a transaction has one session to itself, the next one another', async () => {
  const sql = client()
  const pid = async (on: typeof sql | TransactionSql) =>
    (await on<{ pid: number }[]>`select pg_backend_pid() as pid`)[0]?.pid
  const within = await sql.begin(async (tx) => [await pid(tx), await pid(tx), await pid(tx)])
  expect(new Set(within).size).toBe(1)
  const across = [await pid(sql), await pid(sql), await pid(sql)]
  expect(new Set(across).size).toBe(SESSIONS)
})

test('many clients share few sessions, and everybody gets the own answers', async () => {
  const clients = Array.from({ length: 6 }, client)
  const asked = clients.flatMap((sql, n) => Array.from({ length: 20 }, (_, k) => ({ sql, value: n * 100 + k })))
  const answers = await Promise.all(
    asked.map(async ({ sql, value }) => (await sql<{ n: number }[]>`select ${value}::int as n`)[0]?.n),
  )
  expect(answers).toEqual(asked.map(({ value }) => value))
  const used =
    await database.sql`select 1 from pg_stat_activity where application_name = 'pooler' and datname = current_database()`
  expect(used).toHaveLength(SESSIONS)
})

test('settings of a session are gone with the next transaction, and those of the log-in were never taken', async () => {
  const sql = client()
  await sql`set statement_timeout = '7s'`
  expect((await sql`show statement_timeout`)[0]).not.toEqual({ statement_timeout: '7s' })
  expect((await sql`show application_name`)[0]).toEqual({ application_name: 'pooler' })
})

test('an advisory lock of a session is left behind in it', async () => {
  const sql = client()
  await sql`select pg_advisory_lock(4711)`
  expect((await sql`select pg_advisory_unlock(4711) as released`)[0]).toEqual({ released: false })
  await database.sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 4711`
})

test('nobody hears a notification', async () => {
  const sql = client()
  const heard: string[] = []
  const listener = await sql.listen('news', (text) => heard.push(text))
  await database.sql.notify('news', 'something')
  for (let n = 0; n < 10; n += 1) await sql`select 1`
  expect(heard).toEqual([])
  await listener.unlisten()
})

test('a statement that was prepared in one session is unknown in the next', async () => {
  const sql = client()
  await sql`prepare once as select 1`
  await expect(sql`execute once`.execute()).rejects.toThrow(/prepared statement .* does not exist/)
})

test('a transaction whose client goes away is rolled back', async () => {
  await database.sql`create table kept (n int)`
  const sql = client()
  const begun = sql.begin(async (tx) => {
    await tx`insert into kept values (1)`
    await sql.end({ timeout: 0 })
  })
  await expect(begun).rejects.toThrow()
  await expect.poll(async () => (await client()`select 1 as up`).length).toBe(1)
  expect(await database.sql`select * from kept`).toEqual([])
})
