import { randomBytes } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { connect as connectSocket, createServer, type Server } from 'node:net'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { connect } from '#db/client'
import { connectionUrl, postgresHome, readConnection, readPostmaster } from '#lib/server/postgres-home'
import { commandOf, isAlive, waitUntil } from '#lib/server/processes'
import { type Run, runServer } from '#tests/support/server'
import { removeDataFolder, temporaryFolder } from '#tests/support/temporary-folder'

// Processes only, no browser: what a person sees in the terminal.
const READY = /Patchbay is ready at (http\S+)/
const KEY = randomBytes(32).toString('base64')

let folder: string
let runs: Run[]

test.beforeEach(() => {
  folder = temporaryFolder('lifecycle')
  runs = []
})

test.afterEach(async () => {
  for (const run of runs) run.child.kill('SIGKILL')
  await Promise.all(runs.map((run) => run.ended()))
  await removeDataFolder(folder)
})

function start(env: Record<string, string> = {}, options: { throughShell?: boolean } = {}): Run {
  const run = runServer({ PATCHBAY_DATA: folder, ...env }, options)
  runs.push(run)
  return run
}

const postmaster = () => readPostmaster(postgresHome(folder))
const databaseUrl = () => connectionUrl(readConnection(postgresHome(folder)))

test('the first start says where it is and what to do, and keeps its secrets from other users of the machine', async () => {
  const run = start()
  const [, url = ''] = await run.printed(READY)
  await run.printed(/create the owner account, or explore with the sandbox/)
  expect(new URL(url).hostname).toBe('localhost')
  for (const secret of ['key', 'postgres/connection.json']) {
    expect(statSync(path.join(folder, secret)).mode & 0o077).toBe(0)
  }
  expect(run.output()).not.toContain(readConnection(postgresHome(folder)).password)
})

test('SIGTERM ends server, worker and database with code 0, and a second start finds everything again', async () => {
  const first = start()
  await first.printed(READY)
  const server = postmaster()
  expect(commandOf(server?.pid ?? 0)).toContain(folder)
  first.child.kill('SIGTERM')
  expect(await first.ended()).toBe(0)
  expect(first.output()).toContain('Stopped')
  expect(isAlive(server?.pid ?? 0)).toBe(false)
  const second = start()
  await second.printed(READY)
  expect(second.output()).not.toContain('Took over')
})

test('after a kill -9 the next start takes the surviving database over and ends it in the end', async () => {
  const killed = start()
  await killed.printed(READY)
  const { sql, end } = connect(databaseUrl())
  await sql`create table kept (word text)`
  await sql`insert into kept values ('acknowledged')`
  await end()
  const survivor = postmaster()
  killed.child.kill('SIGKILL')
  await killed.ended()
  expect(isAlive(survivor?.pid ?? 0)).toBe(true)
  const next = start()
  await next.printed(/Took over the database/)
  await next.printed(READY)
  expect(postmaster()?.pid).toBe(survivor?.pid)
  expect(await words()).toEqual(['acknowledged'])
  next.child.kill('SIGTERM')
  expect(await next.ended()).toBe(0)
  expect(isAlive(survivor?.pid ?? 0)).toBe(false)
})

test('after a kill -9 of server and database the next start recovers what was committed', async () => {
  const killed = start()
  await killed.printed(READY)
  const { sql, end } = connect(databaseUrl())
  await sql`create table kept (word text)`
  await sql`insert into kept values ('acknowledged')`
  const pid = postmaster()?.pid ?? 0
  killed.child.kill('SIGKILL')
  process.kill(pid, 'SIGKILL')
  await end()
  await killed.ended()
  const next = start()
  await next.printed(READY)
  expect(await words()).toEqual(['acknowledged'])
})

test('a kill -9 while the database is being made leaves nothing in the way of the next start', async () => {
  const killed = start()
  const isBeingMade = () => readdirSync(folder).some((name) => name.startsWith('postgres.new-'))
  expect(await waitUntil(isBeingMade, 30_000, 1)).toBe(true)
  killed.child.kill('SIGKILL')
  await killed.ended()
  const next = start()
  await next.printed(READY)
  expect(readdirSync(folder).filter((name) => name.startsWith('postgres.new-'))).toEqual([])
})

test('a second start on the same folder is told so and leaves the first one alone', async () => {
  const first = start()
  const [, url = ''] = await first.printed(READY)
  const second = start()
  expect(await second.ended()).toBe(1)
  expect(second.output()).toBe(`Another Patchbay is running on ${folder}. Stop it first, or set DATABASE_URL.\n`)
  expect((await fetch(`${url}/`, { redirect: 'manual' })).status).toBeLessThan(500)
})

test('two first starts at once make one database, and one of them gives way', async () => {
  const both = [start(), start()]
  const first = await Promise.race(both.map(async (run) => (await run.printed(/Patchbay is ready|Another/))[0]))
  expect(['Patchbay is ready', 'Another']).toContain(first)
  await Promise.all(both.map((run) => run.printed(/Patchbay is ready|Another Patchbay is running/)))
  expect(both.map((run) => READY.test(run.output())).sort()).toEqual([false, true])
})

test('a taken port is one line, and no database was started for it', async () => {
  const { server, port } = await occupyPort()
  const run = start({ PORT: String(port) })
  expect(await run.ended()).toBe(1)
  expect(run.output()).toBe(`Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm start\n`)
  expect(readdirSync(folder)).toEqual([])
  server.close()
})

test('an unreachable database is one line without its password', async () => {
  const { server, port } = await occupyPort()
  server.close()
  const url = `postgres://someone:very-secret@127.0.0.1:${port}/patchbay`
  const run = start({ DATABASE_URL: url, PATCHBAY_KEY: KEY, PUBLIC_URL: 'https://patchbay.example.com' })
  expect(await run.ended()).toBe(1)
  expect(run.output()).toBe(
    `The database at 127.0.0.1:${port}/patchbay can't be used: nothing accepts connections there.\n`,
  )
})

test('with a database of their own people must give a key and an address', async () => {
  const run = start({ DATABASE_URL: 'postgres://someone@127.0.0.1:1/patchbay' })
  expect(await run.ended()).toBe(1)
  expect(run.output()).toMatch(
    /^The environment is not complete: .*PATCHBAY_KEY is missing.*PUBLIC_URL is missing.*\n$/,
  )
})

test('a malformed key is named, never shown', async () => {
  const run = start({ PATCHBAY_KEY: 'too-short-to-be-a-key' })
  expect(await run.ended()).toBe(1)
  expect(run.output()).toMatch(/^The environment is not complete: PATCHBAY_KEY must be 32 bytes in base64\..*\n$/)
})

test('a wrong key is one line, and the database is not left running', async () => {
  const right = start()
  await right.printed(READY)
  right.child.kill('SIGTERM')
  await right.ended()
  const wrong = start({ PATCHBAY_KEY: KEY })
  expect(await wrong.ended()).toBe(1)
  expect(wrong.output()).toMatch(/^PATCHBAY_KEY is not the key .*\n$/)
  expect(postmaster()).toBeUndefined()
})

test('the same installation runs on a database named by DATABASE_URL and leaves that one running', async () => {
  const embedded = start()
  await embedded.printed(READY)
  const { sql, end } = connect(databaseUrl())
  await sql.unsafe('create database elsewhere')
  const url = databaseUrl().replace(/postgres$/, 'elsewhere')
  const run = start({ DATABASE_URL: url, PATCHBAY_KEY: KEY, PUBLIC_URL: 'https://patchbay.example.com' })
  await run.printed(/Patchbay is ready at https:\/\/patchbay\.example\.com \(listening on port \d+\)/)
  await run.printed(/First: open it and create the owner account\.\n/)
  run.child.kill('SIGTERM')
  expect(await run.ended()).toBe(0)
  expect(await sql`select 1 as alive`).toHaveLength(1)
  await end()
})

test('Ctrl-C during the start ends it cleanly as well', async () => {
  const run = start()
  expect(await waitUntil(() => postmaster() !== undefined, 30_000, 1)).toBe(true)
  const pid = postmaster()?.pid ?? 0
  run.child.kill('SIGINT')
  expect(await run.ended()).toBe(0)
  expect(isAlive(pid)).toBe(false)
})

test('a second Ctrl-C ends what will not end, but never leaves the database behind', async () => {
  const run = start()
  const [, url = ''] = await run.printed(READY)
  const pid = postmaster()?.pid ?? 0
  const unfinished = connectSocket(Number(new URL(url).port), 'localhost').on('error', () => {})
  await new Promise<void>((resolve) => unfinished.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-le', () => resolve()))
  run.child.kill('SIGINT')
  await run.printed(/Stopping/)
  const hasEnded = () => !run.child.kill('SIGINT')
  expect(await waitUntil(hasEnded, 8_000, 100)).toBe(true)
  expect(await run.ended()).toBe(1)
  expect(isAlive(pid)).toBe(false)
  unfinished.destroy()
})

test('a killed npm takes the server and the database with it', async () => {
  const run = start({ npm_lifecycle_event: 'start' }, { throughShell: true })
  await run.printed(READY)
  const pid = postmaster()?.pid ?? 0
  run.child.kill('SIGKILL')
  await run.printed(/Stopping \(npm has ended\)/)
  await run.ended()
  expect(run.output()).toContain('Stopped')
  expect(isAlive(pid)).toBe(false)
})

async function words(): Promise<string[]> {
  const { sql, end } = connect(databaseUrl())
  const rows = await sql<{ word: string }[]>`select word from kept`
  await end()
  return rows.map((row) => row.word)
}

function occupyPort(): Promise<{ server: Server; port: number }> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, () => {
      const address = server.address()
      resolve({ server, port: typeof address === 'object' && address ? address.port : 0 })
    })
  })
}
