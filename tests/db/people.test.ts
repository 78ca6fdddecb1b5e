import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findUserById, listUsers } from '#db/queries/users'
import { auditEvents } from '#db/schema/audit-events'
import { changeMyPassword } from '#lib/flows/my-account'
import { addPerson, changeRole, endSessions, resetPassword, switchPerson } from '#lib/flows/people'
import { setUp } from '#lib/flows/set-up'
import { signIn } from '#lib/flows/sign-in'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'

const now = new Date('2026-03-01T09:00:00Z')
const password = 'tulip harbor violet 93'
const another = 'copper lantern drizzle 41'
const actor = 'ada@example.com'

let database: TestDatabase
let owner: string
const db = () => database.db
const add = (name: string, role: 'owner' | 'support' = 'support') =>
  addPerson(db(), { email: `${name}@example.com`, name, role, password, actor })
const enter = (email: string, secret: string) => signIn(db(), { email, password: secret, address: '203.0.113.9', now })

beforeEach(async () => {
  database = await testDatabase()
  const first = { email: actor, name: 'Ada', password }
  owner = (await setUp(db(), { owner: first, company: null, keys: [Buffer.alloc(32, 1)], now })).id
})
afterEach(() => database.close())

describe('the last owner', () => {
  test('cannot be switched off or made something less', async () => {
    await expect(switchPerson(db(), { userId: owner, on: false, actor, now })).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(changeRole(db(), { userId: owner, role: 'admin', actor })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('stays even when two owners take each other’s role at the same moment', async () => {
    const second = await add('ben', 'owner')
    const both = await Promise.allSettled([
      changeRole(db(), { userId: owner, role: 'viewer', actor }),
      changeRole(db(), { userId: second.id, role: 'viewer', actor }),
    ])
    expect(both.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    expect((await listUsers(db())).filter((user) => user.role === 'owner')).toHaveLength(1)
  })

  test('does not count an owner who is switched off', async () => {
    const second = await add('ben', 'owner')
    await switchPerson(db(), { userId: second.id, on: false, actor, now })
    await expect(changeRole(db(), { userId: owner, role: 'admin', actor })).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('people', () => {
  test('an e-mail belongs to one person, whatever its case', async () => {
    await add('ben')
    const again = addPerson(db(), { email: 'BEN@example.com', name: 'Ben', role: 'viewer', password, actor })
    await expect(again).rejects.toMatchObject({ code: 'conflict' })
  })

  test('a list of people shows no password hash', async () => {
    expect(JSON.stringify(await listUsers(db()))).not.toContain('argon2')
  })

  test('switching somebody off ends their sessions and their sign-in, until they are switched on', async () => {
    const ben = await add('ben')
    await switchPerson(db(), { userId: ben.id, on: false, actor, now })
    expect((await findUserById(db(), ben.id))?.sessionEpoch).toBe(1)
    await expect(enter(ben.email, password)).rejects.toMatchObject({ code: 'forbidden' })
    await switchPerson(db(), { userId: ben.id, on: true, actor, now })
    expect(await enter(ben.email, password)).toMatchObject({ id: ben.id })
  })

  test('a reset password replaces the old one and ends the sessions', async () => {
    const ben = await add('ben')
    await resetPassword(db(), { userId: ben.id, password: another, actor })
    await expect(enter(ben.email, password)).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(await enter(ben.email, another)).toMatchObject({ sessionEpoch: 1 })
  })

  test('every change is written down with who made it', async () => {
    const ben = await add('ben')
    await changeRole(db(), { userId: ben.id, role: 'admin', actor })
    await endSessions(db(), { userId: ben.id, actor })
    const events = await db().select().from(auditEvents)
    const actions = events.filter((event) => event.subjectId === ben.id && event.actor === actor)
    expect(actions.map((event) => event.action).sort()).toEqual(['user.add', 'user.change_role', 'user.end_sessions'])
    expect(JSON.stringify(events)).not.toContain(password)
  })
})

describe('my own password', () => {
  test('changes only with the present one, and every session but a new one ends', async () => {
    const wrong = changeMyPassword(db(), { userId: owner, current: 'wrong', password: another })
    await expect(wrong).rejects.toMatchObject({ code: 'unauthenticated', details: [{ path: 'current' }] })
    expect(await changeMyPassword(db(), { userId: owner, current: password, password: another })).toBe(1)
    expect(await enter(actor, another)).toMatchObject({ id: owner, sessionEpoch: 1 })
  })

  test('cannot be guessed from an open session without limit', async () => {
    const guess = () =>
      changeMyPassword(db(), { userId: owner, current: 'wrong', password: another }).catch((error) => error.code)
    const codes: string[] = []
    for (let at = 0; at < 6; at += 1) codes.push(await guess())
    expect(codes.at(-1)).toBe('rate_limited')
  })
})
