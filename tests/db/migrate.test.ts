import { afterAll, expect, test } from 'vitest'
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

async function countMigrations(): Promise<number> {
  const [row] = await database.sql<{ total: number }[]>`select count(*)::int as total from drizzle.__drizzle_migrations`
  return row?.total ?? 0
}
