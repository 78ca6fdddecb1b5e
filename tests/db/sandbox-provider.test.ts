import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { listSandboxChat, putSandboxProvider } from '#db/queries/sandbox-chat'
import { deleteSandboxFaults, putSandboxFault } from '#db/queries/sandbox-faults'
import { generateSigningSecret, signWebhook } from '#lib/provider/signature'
import { writeAgain, writeAsVisitor } from '#lib/sandbox/chat'
import { answerProviderCall } from '#lib/sandbox/provider'
import { seal } from '#lib/secrets'
import { testDatabase } from '#tests/support/postgres'
import { testSandbox } from '#tests/support/sandbox'

const database = await testDatabase()
afterAll(database.close)
const { deps, sent, script } = testSandbox(database)
const channelKey = 'ch_test'
const secret = generateSigningSecret()
await putSandboxProvider(database.db, {
  channelKey,
  name: 'Chat',
  bearerKeySealed: seal('pbk_bearer', deps.keys),
  signingSecretSealed: seal(secret, deps.keys),
})

beforeEach(async () => {
  sent.length = 0
  script.answer = () => 202
  await deleteSandboxFaults(database.db, null)
})

type Delivery = { id?: string; to?: string; signedBy?: string; more?: object }

function deliver({ id = randomUUID(), to = randomUUID(), signedBy = secret, more = {} }: Delivery = {}) {
  const message = { body: '<p>Hello</p>', text: 'Hello', to, author: { name: 'Mina Okafor' } }
  const attachments = [{ filename: 'a.pdf', url: 'https://patchbay.example/api/files/x' }]
  const body = JSON.stringify({ type: 'message', id, message, attachments, ...more })
  const headers = signWebhook({ id, body, secrets: [signedBy], now: deps.now })
  const request = new Request('https://patchbay.example/sandbox/provider/x', {
    method: 'POST',
    headers: { ...headers },
    body,
  })
  return answerProviderCall(request, channelKey, deps)
}

const shownTo = (visitor: string) => listSandboxChat(database.db, { channelKey, visitor })

test('shows a signed reply to its visitor and names its own ids', async () => {
  const answer = await deliver({ to: 'visitor-1' })
  const [line] = await shownTo('visitor-1')
  expect(await answer.json()).toEqual({ external_id: line?.id, conversation_key: 'visitor-1' })
  expect(line).toMatchObject({ body: 'Hello', author: 'Mina Okafor', fromVisitor: false })
  expect(line?.attachments).toEqual([{ filename: 'a.pdf', url: 'https://patchbay.example/api/files/x' }])
})

test('a repeated delivery gets the same answer and is shown once, also when both come at once', async () => {
  const repeated = { id: randomUUID(), to: 'visitor-2' }
  const answers = await Promise.all([deliver(repeated), deliver(repeated)])
  const ids = await Promise.all(answers.map(async (answer) => (await answer.json()).external_id))
  expect((await (await deliver(repeated)).json()).external_id).toBe(ids[0])
  expect(new Set(ids).size).toBe(1)
  expect(await shownTo('visitor-2')).toHaveLength(1)
})

test('refuses another secret’s signature and an unknown chat', async () => {
  expect((await deliver({ to: 'visitor-3', signedBy: generateSigningSecret() })).status).toBe(401)
  expect(await shownTo('visitor-3')).toHaveLength(0)
  const request = new Request('https://patchbay.example/x', { method: 'POST', body: '{}' })
  expect((await answerProviderCall(request, 'ch_none', deps)).status).toBe(404)
})

test('a test is taken and shown to nobody', async () => {
  expect((await deliver({ to: 'visitor-4', more: { test: true } })).status).toBe(200)
  expect(await shownTo('visitor-4')).toHaveLength(0)
})

test('understands Front’s own message too', async () => {
  const recipients = [{ handle: 'visitor-5', role: 'to' }]
  const more = { message: undefined, body: '<p>Plain</p>', text: 'Plain', recipients, author: { first_name: 'Mina' } }
  expect((await deliver({ more })).status).toBe(200)
  expect(await shownTo('visitor-5')).toMatchObject([{ body: 'Plain', author: 'Mina' }])
})

const switches = {
  server_error: { options: { status: 504 }, status: 504 },
  refuse: { options: { status: 410 }, status: 410 },
  rate_limit: { options: { waitS: 9 }, status: 429 },
} as const

for (const [kind, { options, status }] of Object.entries(switches)) {
  test(`the switch ${kind} fails the next reply before it is shown, then is off`, async () => {
    await putSandboxFault(database.db, { side: 'provider', kind, remaining: 1, options })
    const failed = await deliver({ to: `visitor-${kind}` })
    expect(failed.status).toBe(status)
    if (kind === 'rate_limit') expect(failed.headers.get('retry-after')).toBe('9')
    expect(await shownTo(`visitor-${kind}`)).toHaveLength(0)
    expect((await deliver({ to: `visitor-${kind}` })).status).toBe(200)
  })
}

test('the visitor’s message goes to the channel’s incoming URL with the bearer key', async () => {
  const visitor = { handle: 'visitor-6', name: 'Ada' }
  await writeAsVisitor(deps, { channelKey, visitor, text: 'Hi', files: [] })
  const [line] = await shownTo('visitor-6')
  expect(line?.error).toBeNull()
  expect(sent[0]?.url).toBe('https://patchbay.example/api/channels/ch_test/incoming')
  expect(sent[0]?.headers.authorization).toBe('Bearer pbk_bearer')
  expect(JSON.parse(String(sent[0]?.body))).toMatchObject({ external_id: line?.id, sender: visitor, body: 'Hi' })
})

test('a message that Patchbay refused can be sent again under the same id, with its file, by its writer alone', async () => {
  script.answer = () => 503
  const file = { filename: 'a.txt', contentType: 'text/plain', bytes: Buffer.from('abc') }
  await writeAsVisitor(deps, { channelKey, visitor: { handle: 'visitor-7', name: 'Ada' }, text: 'Hi', files: [file] })
  const [line] = await shownTo('visitor-7')
  expect(line?.error).toContain('503')
  const again = { channelKey, lineId: line?.id ?? '' }
  await expect(writeAgain(deps, { ...again, visitor: 'visitor-8' })).rejects.toMatchObject({ code: 'not_found' })
  script.answer = () => 202
  await writeAgain(deps, { ...again, visitor: 'visitor-7' })
  expect((await shownTo('visitor-7'))[0]?.error).toBeNull()
  const forms = sent.map(({ body }) => (body instanceof FormData ? body : new FormData()))
  expect(forms.map((form) => form.get('external_id'))).toEqual([line?.id, line?.id])
  const carried = forms[1]?.get('attachments[0]')
  expect(carried instanceof File && (await carried.text())).toBe('abc')
})

test('the open chat page takes only so much at once', async () => {
  const write = () =>
    writeAsVisitor(deps, { channelKey, visitor: { handle: 'visitor-9', name: 'Ada' }, text: 'Hi', files: [] })
  const results = await Promise.allSettled(Array.from({ length: 60 }, write))
  expect(results.some(({ status }) => status === 'rejected')).toBe(true)
})
