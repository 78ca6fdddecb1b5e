import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '#lib/errors'
import { checkEnvironment, embeddedDefaults, readStartOptions, sessionDefaults } from '#lib/server/environment'

const KEY = Buffer.alloc(32, 7).toString('base64')
const COMPLETE = { DATABASE_URL: 'postgres://a@b/c', PATCHBAY_KEY: KEY, PUBLIC_URL: 'https://p.example.com/' }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'patchbay-environment-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('an empty environment means port 3000 of this machine alone and the embedded database', () => {
  expect(readStartOptions('/srv/patchbay', {})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    dataFolder: '/srv/patchbay/.patchbay',
    databaseUrl: undefined,
    publicUrl: undefined,
  })
})

test('an installation with a public address or a database of its own listens on all addresses', () => {
  for (const variables of [
    { PUBLIC_URL: 'https://patchbay.example' },
    { DATABASE_URL: 'postgres://db.example/patchbay' },
  ]) {
    expect(readStartOptions('/srv', variables).host).toBeUndefined()
  }
  expect(readStartOptions('/srv', { HOST: '0.0.0.0' }).host).toBe('0.0.0.0')
})

test('an empty value is the same as none', () => {
  const empty = { PORT: '', HOST: '', PATCHBAY_DATA: '', DATABASE_URL: '', PUBLIC_URL: '' }
  expect(readStartOptions('/srv', empty)).toEqual(readStartOptions('/srv', {}))
})

test('port 0 asks for any free port', () => {
  expect(readStartOptions('/srv', { PORT: '0' }).port).toBe(0)
})

test.each(['http', '-1', '65536', '3000.5', 'NaN'])('the port "%s" is refused by name', (PORT) => {
  expect(() => readStartOptions('/srv', { PORT })).toThrow(
    new AppError('invalid_input', 'The environment has a wrong value for PORT.'),
  )
})

test('the embedded database brings a key that stays the same, readable by its owner alone', () => {
  const first = embeddedDefaults({}, folder, 4000)
  expect(embeddedDefaults({}, folder, 4000)).toEqual(first)
  expect(Buffer.from(first.PATCHBAY_KEY ?? '', 'base64')).toHaveLength(32)
  expect(readFileSync(path.join(folder, 'key'), 'utf8').trim()).toBe(first.PATCHBAY_KEY)
  expect(statSync(path.join(folder, 'key')).mode & 0o077).toBe(0)
  expect(first).toMatchObject({ PUBLIC_URL: 'http://localhost:4000', SANDBOX: 'on', ALLOW_PRIVATE_ADDRESSES: 'yes' })
})

test('what is set already stays as it is', () => {
  const given = {
    PATCHBAY_KEY: KEY,
    PUBLIC_URL: 'https://p.example.com',
    SANDBOX: 'off',
    ALLOW_PRIVATE_ADDRESSES: 'no',
  }
  expect(embeddedDefaults(given, folder, 4000)).toEqual({})
})

test('next-auth gets the public address and a secret that is not the key itself', () => {
  const defaults = sessionDefaults(COMPLETE)
  expect(defaults.NEXTAUTH_URL).toBe('https://p.example.com')
  expect(defaults.NEXTAUTH_SECRET).toMatch(/^[\w-]{43}$/)
  expect(defaults.NEXTAUTH_SECRET).not.toBe(KEY)
})

test('every missing variable is named at once', () => {
  expect(() => checkEnvironment({})).toThrow(/DATABASE_URL is missing.*PATCHBAY_KEY is missing.*PUBLIC_URL is missing/)
})

test('a malformed key is named and explained, and its value is not repeated', () => {
  const check = () => checkEnvironment({ ...COMPLETE, PATCHBAY_KEY: 'my-little-secret' })
  expect(check).toThrow(/PATCHBAY_KEY must be 32 bytes in base64\. Make a key with: openssl rand -base64 32/)
  expect(check).not.toThrow(/my-little-secret/)
})
