import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findSessionUser, insertUser, updateUser } from '#db/queries/users'
import { auditEvents } from '#db/schema/audit-events'
import { throttles } from '#db/schema/throttles'
import { users } from '#db/schema/users'
import { signIn } from '#lib/flows/sign-in'
import { hashPassword } from '#lib/passwords'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'

const password = 'tulip harbor violet 93'
const now = new Date('2026-03-01T09:00:00Z')
const address = '203.0.113.9'
const ada = 'ada@example.com'

let database: TestDatabase
let userId: string
const db = () => database.db
const enter = (changes: Partial<Parameters<typeof signIn>[1]> = {}) =>
  signIn(db(), { email: ada, password, address, now, ...changes })

beforeAll(async () => {
  database = await testDatabase()
  const user = await insertUser(db(), {
    email: ada,
    name: 'Ada',
    role: 'owner',
    passwordHash: await hashPassword(password),
  })
  userId = user?.id ?? ''
})
afterAll(() => database.close())
beforeEach(async () => {
  await db().execute(sql`truncate throttles`)
  await updateUser(db(), userId, { disabledAt: null, lastSignedInAt: null })
})

async function tryWrong(times: number, changes: Partial<Parameters<typeof signIn>[1]> = {}) {
  const codes: string[] = []
  for (let at = 0; at < times; at += 1) {
    const outcome = await enter({ password: 'wrong', ...changes }).catch((error) => error.code)
    codes.push(outcome)
  }
  return codes
}

describe('signing in', () => {
  test('works with any case of the e-mail, is remembered and written down', async () => {
    expect(await enter({ email: 'ADA@Example.com' })).toMatchObject({ id: userId })
    const [row] = await db().select().from(users).where(eq(users.id, userId))
    expect(row?.lastSignedInAt).toEqual(now)
    const events = await db().select().from(auditEvents).where(eq(auditEvents.subjectId, userId))
    expect(events).toContainEqual(expect.objectContaining({ actor: ada, action: 'user.sign_in' }))
  })

  test('says the same for a wrong password and an unknown person', async () => {
    const wrong = await enter({ password: 'wrong' }).catch((error) => error)
    const unknown = await enter({ email: 'nobody@example.com' }).catch((error) => error)
    expect(wrong).toMatchObject({ code: 'unauthenticated' })
    expect([unknown.code, unknown.message]).toEqual([wrong.code, wrong.message])
  })

  test('tells somebody with the right password, and nobody else, that the account is switched off', async () => {
    await updateUser(db(), userId, { disabledAt: now })
    await expect(enter()).rejects.toMatchObject({ code: 'forbidden' })
    await expect(enter({ password: 'wrong' })).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

describe('the throttle', () => {
  test('after five wrong passwords even the right one has to wait, from any address', async () => {
    expect(await tryWrong(5)).toEqual(Array(5).fill('unauthenticated'))
    const refused = await enter({ address: '198.51.100.7' }).catch((error) => error)
    expect(refused).toMatchObject({ code: 'rate_limited' })
    expect(refused.retryAfterS).toBeGreaterThan(0)
    expect(refused.message).toMatch(/Try again in \d+ (second|minute)/)
  })

  test('treats an account that does not exist like one that does', async () => {
    const codes = await tryWrong(6, { email: 'nobody@example.com' })
    expect(codes).toEqual([...Array(5).fill('unauthenticated'), 'rate_limited'])
  })

  test('stops one address that tries many accounts, and lets others go on', async () => {
    const codes: string[] = []
    for (let at = 0; at < 21; at += 1) codes.push(...(await tryWrong(1, { email: `person${at}@example.com` })))
    expect(codes.filter((code) => code === 'unauthenticated')).toHaveLength(20)
    expect(codes.at(-1)).toBe('rate_limited')
    expect(await enter({ address: '198.51.100.7' })).toMatchObject({ id: userId })
  })

  test('forgets an account’s wrong tries once its owner is in', async () => {
    await tryWrong(4)
    await enter()
    expect(await tryWrong(5)).toEqual(Array(5).fill('unauthenticated'))
  })

  test('keeps no e-mail of those who tried', async () => {
    await tryWrong(1, { email: 'secretive@example.com' })
    const rows = await db().select().from(throttles)
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain('secretive')
  })
})

test('a session holds only with the present epoch and while the account is on', async () => {
  expect(await findSessionUser(db(), { userId, epoch: 0 })).toMatchObject({ email: ada, role: 'owner' })
  expect(await findSessionUser(db(), { userId, epoch: 1 })).toBeNull()
  await updateUser(db(), userId, { disabledAt: now })
  expect(await findSessionUser(db(), { userId, epoch: 0 })).toBeNull()
})
