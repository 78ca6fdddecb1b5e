import { afterAll, expect, test } from 'vitest'
import { connect } from '#db/client'
import { migrateDatabase } from '#lib/server/migrate'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
afterAll(database.close)

test('every test database is migrated and takes messages of this month', async () => {
  const partitions = await database.sql<{ name: string }[]>`
    select inhrelid::regclass::text as name from pg_inherits where inhparent = 'messages'::regclass`
  expect(partitions.map((row) => row.name)).toContain(
    `messages_${new Date().toISOString().slice(0, 7).replace('-', '_')}`,
  )
})

test('two starts that migrate at once both succeed, and a repeated migration changes nothing', async () => {
  const before = await countMigrations()
  const now = new Date()
  await Promise.all([migrateDatabase(database.url, now), migrateDatabase(database.url, now)])
  expect(await countMigrations()).toBe(before)
  expect(before).toBeGreaterThan(0)
})

test('an empty database is brought up by several starts at once', async () => {
  const url = new URL(database.url)
  url.pathname = '/fresh_for_migrations'
  await database.sql.unsafe('create database fresh_for_migrations')
  const now = new Date()
  await Promise.all([1, 2, 3].map(() => migrateDatabase(url.href, now)))
  await database.sql.unsafe('drop database fresh_for_migrations with (force)')
})

test('functions are those of this version again after a start, but a newer version’s are left alone', async () => {
  const url = new URL(database.url)
  url.pathname = '/functions_of_versions'
  await database.sql.unsafe('create database functions_of_versions')
  await migrateDatabase(url.href, new Date())
  const { sql, end } = connect(url.href)
  const other = `create or replace function calls_reserve(p_burst int) returns int language sql immutable as 'select 77'`
  const reserve = async () => (await sql<{ n: number }[]>`select calls_reserve(50) as n`)[0]?.n
  await sql.unsafe(other)
  await migrateDatabase(url.href, new Date())
  expect(await reserve()).toBe(10)

  await sql.unsafe(other)
  await sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of a newer version', 9999999999999)`
  await migrateDatabase(url.href, new Date())
  expect(await reserve()).toBe(77)
  await end()
  await database.sql.unsafe('drop database functions_of_versions with (force)')
})

async function countMigrations(): Promise<number> {
  const [row] = await database.sql<{ total: number }[]>`select count(*)::int as total from drizzle.__drizzle_migrations`
  return row?.total ?? 0
}
