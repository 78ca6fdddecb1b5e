import { afterAll, expect, test } from 'vitest'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { answerStorageCall } from '#lib/sandbox/storage'
import { testDatabase } from '#tests/support/postgres'
import { createSandboxChannel, testSandbox } from '#tests/support/sandbox'

const database = await testDatabase()
afterAll(database.close)
const sandbox = testSandbox(database)
await putSandboxSettings(database.db, { visibleDelayMs: 0, requestsPerMinute: 0 })
const channel = await createSandboxChannel(sandbox)
const intake = `/channels/${channel.id}/incoming_messages`

function form(fields: Record<string, string>, files: Record<string, File> = {}) {
  const made = new FormData()
  for (const [name, value] of Object.entries(fields)) made.append(name, value)
  for (const [name, file] of Object.entries(files)) made.append(name, file)
  return made
}

const fields = { 'sender[handle]': 'ada', body: 'See file', body_format: 'html', 'metadata[headers][ticket]': 'T-1' }
const file = new File(['\u0001\u0002 bytes'], 'Größe.bin', { type: 'application/x-thing' })

async function sendFile() {
  const { json } = await sandbox.call('POST', intake, { form: form(fields, { 'attachments[0]': file }) })
  return (await sandbox.call('GET', `/messages/alt:uid:${json.message_uid}`)).json
}

function storage(
  location: string | null,
  { headers = {}, atMs = 0 }: { headers?: Record<string, string>; atMs?: number } = {},
) {
  const url = new URL(location ?? '')
  return answerStorageCall(new Request(url, { headers }), url.pathname.split('/').at(-1) ?? '', sandbox.later(atMs))
}

test('a form with brackets and files is the same message as JSON', async () => {
  const message = await sendFile()
  expect(message.metadata.headers).toEqual({ ticket: 'T-1' })
  expect(message.attachments).toMatchObject([{ filename: 'Größe.bin', content_type: 'application/x-thing', size: 8 }])
})

test('a download leads to signed storage that gives the very bytes', async () => {
  const message = await sendFile()
  for (const path of [sandbox.pathOf(message.attachments[0].url), `/download/${message.attachments[0].id}`]) {
    const { status, headers } = await sandbox.call('GET', path)
    expect(status).toBe(302)
    const stored = await storage(headers.get('location'))
    expect(await stored.text()).toBe('\u0001\u0002 bytes')
    expect(stored.headers.get('content-type')).toBe('application/x-thing')
  }
})

test('storage refuses a forwarded token, a changed signature and a late visit', async () => {
  const message = await sendFile()
  const { headers } = await sandbox.call('GET', sandbox.pathOf(message.attachments[0].url))
  const location = headers.get('location')
  expect((await storage(location, { headers: { authorization: 'Bearer x' } })).status).toBe(400)
  expect((await storage(`${location}x`)).status).toBe(403)
  expect((await storage(location, { atMs: 301_000 })).status).toBe(403)
})

test('a file of another message, or without a token, is not there', async () => {
  const [one, other] = [await sendFile(), await sendFile()]
  const path = `/messages/${one.id}/download/${other.attachments[0].id}`
  expect((await sandbox.call('GET', path)).status).toBe(404)
  expect((await sandbox.call('GET', sandbox.pathOf(one.attachments[0].url), { token: 'none' })).status).toBe(401)
})

test('refuses a file under a name of its own, a reach for the prototype and a form without a boundary', async () => {
  expect((await sandbox.call('POST', intake, { form: form(fields, { picture: file }) })).status).toBe(400)
  expect((await sandbox.call('POST', intake, { form: form({ ...fields, '__proto__[x]': '1' }) })).status).toBe(400)
  expect((await sandbox.call('POST', intake, { text: 'not a form' })).status).toBe(400)
})
