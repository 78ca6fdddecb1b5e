import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findInstallation } from '#db/queries/installation'
import { companies } from '#db/schema/companies'
import { users } from '#db/schema/users'
import { needsSetUp, setUp } from '#lib/flows/set-up'
import { verifySealingKey } from '#lib/flows/verify-key'
import { type SealingKeys, unseal } from '#lib/secrets'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'

const keys: SealingKeys = [Buffer.alloc(32, 1)]
const otherKeys: SealingKeys = [Buffer.alloc(32, 2)]
const now = new Date('2026-03-01T09:00:00Z')
const password = 'tulip harbor violet 93'
const owner = (name: string) => ({ email: `${name}@example.com`, name, password })
const company = {
  name: 'Acme',
  frontBaseUrl: 'https://api2.frontapp.com',
  frontCompanyId: 'cmp_1',
  apiToken: 'the token',
  apiSecret: null,
}

let database: TestDatabase
const db = () => database.db

beforeEach(async () => {
  database = await testDatabase()
})
afterEach(() => database.close())

test('of several set-ups at once exactly one makes an owner, and the others are told', async () => {
  const names = ['ada', 'ben', 'cleo', 'dan']
  const all = await Promise.allSettled(names.map((name) => setUp(db(), { owner: owner(name), company, keys, now })))
  expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  for (const one of all) {
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' })
  }
  expect(await db().select().from(users)).toHaveLength(1)
  expect(await db().select().from(companies)).toHaveLength(1)
})

test('set-up closes for good once an owner exists', async () => {
  expect(await needsSetUp(db())).toBe(true)
  await setUp(db(), { owner: owner('ada'), company: null, keys, now })
  expect(await needsSetUp(db())).toBe(false)
  const again = setUp(db(), { owner: owner('eve'), company, keys, now })
  await expect(again).rejects.toMatchObject({ code: 'conflict' })
  expect(await db().select().from(companies)).toEqual([])
})

test('the owner’s password and the token are stored unreadable', async () => {
  const user = await setUp(db(), { owner: owner('ada'), company, keys, now })
  const [stored] = await db().select().from(users).where(eq(users.id, user.id))
  expect(stored?.passwordHash).toMatch(/^\$argon2id\$/)
  const [row] = await db().select().from(companies)
  expect(row?.apiTokenSealed).not.toContain('the token')
  expect(unseal(row?.apiTokenSealed ?? '', keys)).toBe('the token')
  expect(row).toMatchObject({ apiSecretSealed: null, frontCompanyId: 'cmp_1' })
})

test('a weak password leaves set-up open', async () => {
  const weak = { ...owner('ada'), password: 'password1234' }
  await expect(setUp(db(), { owner: weak, company, keys, now })).rejects.toMatchObject({
    code: 'invalid_input',
    details: [{ path: 'password' }],
  })
  expect(await needsSetUp(db())).toBe(true)
})

test('a database sealed with one key refuses another, until that one is among the earlier keys', async () => {
  await verifySealingKey(db(), keys)
  await verifySealingKey(db(), keys)
  await expect(verifySealingKey(db(), otherKeys)).rejects.toMatchObject({ code: 'forbidden' })
  await verifySealingKey(db(), [otherKeys[0], keys[0]])
})

test('first starts at once make one installation', async () => {
  await Promise.all([verifySealingKey(db(), keys), verifySealingKey(db(), keys), verifySealingKey(db(), keys)])
  expect(await findInstallation(db())).toMatchObject({ ownerCreatedAt: null })
})
