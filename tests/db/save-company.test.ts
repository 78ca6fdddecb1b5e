import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findCompany, insertCompany, listCompanies } from '#db/queries/companies'
import { auditEvents } from '#db/schema/audit-events'
import { checkFront, frontForCompany } from '#lib/flows/front-for-company'
import { addCompany, saveCompany } from '#lib/flows/save-company'
import type { FrontRequest } from '#lib/front/transport'
import { type SealingKeys, unseal } from '#lib/secrets'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'

const keys: SealingKeys = [Buffer.alloc(32, 1)]
const now = new Date('2026-03-01T09:00:00Z')
const actor = 'ada@example.com'
const frontBaseUrl = 'https://api2.frontapp.com'

let database: TestDatabase
let companyId: string
const db = () => database.db
const save = (changes: Partial<Parameters<typeof saveCompany>[1]> = {}) =>
  saveCompany(db(), {
    companyId,
    name: 'Acme',
    frontBaseUrl,
    apiToken: 'keep',
    apiSecret: 'keep',
    frontCompanyId: null,
    actor,
    keys,
    now,
    ...changes,
  })

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  const company = { name: 'Acme', frontBaseUrl, frontCompanyId: 'cmp_1', apiToken: 'first token', apiSecret: 'shh' }
  companyId = (await addCompany(db(), { ...company, actor, keys })).id
})

describe('a company’s secrets', () => {
  test('stay while other things change', async () => {
    await save({ name: 'Acme Ltd' })
    const company = await findCompany(db(), companyId)
    expect(company).toMatchObject({ name: 'Acme Ltd', frontCompanyId: 'cmp_1' })
    expect(unseal(company?.apiTokenSealed ?? '', keys)).toBe('first token')
  })

  test('are replaced and removed one by one', async () => {
    await save({ apiToken: { replaceWith: 'second token' }, apiSecret: 'remove' })
    const company = await findCompany(db(), companyId)
    expect(unseal(company?.apiTokenSealed ?? '', keys)).toBe('second token')
    expect(company?.apiSecretSealed).toBeNull()
  })

  test('appear in no list and no audit event', async () => {
    await save({ apiToken: { replaceWith: 'second token' } })
    const seen = JSON.stringify([await listCompanies(db()), await db().select().from(auditEvents)])
    expect(seen).not.toMatch(/first token|second token|shh|v1\./)
    expect((await listCompanies(db())).at(-1)).toMatchObject({ hasApiToken: true, hasApiSecret: true })
  })

  test('do not follow to another server, where somebody could read them', async () => {
    const elsewhere = { frontBaseUrl: 'https://collector.example' }
    await expect(save(elsewhere)).rejects.toMatchObject({ code: 'invalid_input', details: [{ path: 'apiToken' }] })
    await save({ ...elsewhere, apiToken: { replaceWith: 'a token of theirs' } })
    expect(await findCompany(db(), companyId)).toMatchObject(elsewhere)
  })
})

test('the sandbox’s company cannot be edited by hand', async () => {
  const sandbox = await insertCompany(db(), {
    name: 'Sandbox',
    frontBaseUrl: 'http://localhost/sandbox',
    isSandbox: true,
  })
  await expect(save({ companyId: sandbox.id })).rejects.toMatchObject({ code: 'forbidden' })
})

describe('asking Front', () => {
  const answering = (status: number, body: string) => async (request: FrontRequest) => {
    asked.push(request)
    return { kind: 'answered', answer: { status, headers: {}, body } } as const
  }
  let asked: FrontRequest[] = []
  beforeEach(() => {
    asked = []
  })

  test('tells whose token it is', async () => {
    const send = answering(200, '{"_links":{"self":"x"},"id":"cmp_42","name":"Acme"}')
    expect(await checkFront({ frontBaseUrl, token: 'abc' }, send)).toEqual({
      works: true,
      company: { id: 'cmp_42', name: 'Acme' },
    })
    expect(asked[0]).toMatchObject({
      method: 'GET',
      url: `${frontBaseUrl}/me`,
      headers: { authorization: 'Bearer abc' },
    })
  })

  test('gives Front’s own words when it refuses', async () => {
    const send = answering(401, '{"_error":{"status":401,"title":"Unauthenticated","message":"JSON Web Token error"}}')
    const check = await checkFront({ frontBaseUrl, token: 'abc' }, send)
    expect(check).toEqual({ works: false, message: expect.stringContaining('JSON Web Token error') })
  })

  test('says so when Front cannot be reached', async () => {
    const send = async () => ({ kind: 'failed', message: 'the name is not known' }) as const
    const check = await checkFront({ frontBaseUrl, token: 'abc' }, send)
    expect(check).toEqual({ works: false, message: expect.stringContaining('the name is not known') })
  })

  test('opens the stored token only for the call', async () => {
    const company = await findCompany(db(), companyId)
    const send = answering(200, '{"_results":[]}')
    if (company) await frontForCompany(company, { keys, send }).listInboxes()
    expect(asked[0]?.headers.authorization).toBe('Bearer first token')
    expect(() => frontForCompany({ frontBaseUrl, apiTokenSealed: null }, { keys, send })).toThrow(/no API token/)
  })
})
