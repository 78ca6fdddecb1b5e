import { afterAll, expect, test } from 'vitest'
import { setSandboxConversationStatus } from '#db/queries/sandbox-conversations'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { composeAsTeammate } from '#lib/sandbox/teammate'
import { testDatabase } from '#tests/support/postgres'
import { createSandboxChannel, testSandbox } from '#tests/support/sandbox'

const database = await testDatabase()
afterAll(database.close)
const sandbox = testSandbox(database)
await putSandboxSettings(database.db, { visibleDelayMs: 0, requestsPerMinute: 0 })

async function write(channelId: string, { handle = 'ada', ref }: { handle?: string; ref?: string } = {}) {
  const json = {
    sender: { handle },
    body: 'Hi',
    body_format: 'html',
    ...(ref ? { metadata: { thread_ref: ref } } : {}),
  }
  const accepted = await sandbox.call('POST', `/channels/${channelId}/incoming_messages`, { json })
  if (accepted.status !== 202) return { status: accepted.status, json: accepted.json, warning: null, conversation: '' }
  const { json: message } = await sandbox.call('GET', `/messages/alt:uid:${accepted.json.message_uid}`)
  const conversation = String(message._links.related.conversation.split('/').at(-1))
  return { status: 202, json: message, warning: accepted.headers.get('x-sandbox-warning'), conversation }
}

test('the same reference joins one conversation within a channel, whoever writes', async () => {
  const [one, other] = [await createSandboxChannel(sandbox), await createSandboxChannel(sandbox)]
  const first = await write(one.id, { ref: 'r1' })
  expect((await write(one.id, { ref: 'r1', handle: 'bob' })).conversation).toBe(first.conversation)
  expect((await write(one.id, { ref: 'r2' })).conversation).not.toBe(first.conversation)
  expect((await write(other.id, { ref: 'r1' })).conversation).not.toBe(first.conversation)
})

test('eight first messages at once make one conversation', async () => {
  const channel = await createSandboxChannel(sandbox)
  const answers = await Promise.all(Array.from({ length: 8 }, () => write(channel.id, { ref: 'together' })))
  expect(new Set(answers.map(({ conversation }) => conversation)).size).toBe(1)
})

test('without a reference the sender’s open conversation goes on, an archived one does not', async () => {
  const channel = await createSandboxChannel(sandbox)
  const first = await write(channel.id)
  expect((await write(channel.id)).conversation).toBe(first.conversation)
  expect((await write(channel.id, { handle: 'bob' })).conversation).not.toBe(first.conversation)
  await setSandboxConversationStatus(database.db, first.conversation, 'archived')
  expect((await write(channel.id)).conversation).not.toBe(first.conversation)
})

test('an archived conversation opens again for its reference', async () => {
  const channel = await createSandboxChannel(sandbox)
  const first = await write(channel.id, { ref: 'again' })
  await setSandboxConversationStatus(database.db, first.conversation, 'archived')
  expect((await write(channel.id, { ref: 'again' })).conversation).toBe(first.conversation)
  const { json } = await sandbox.call('GET', `/conversations/${first.conversation}`)
  expect(json.status).toBe('unassigned')
})

test('the customer’s answer never joins a conversation that a teammate began', async () => {
  const channel = await createSandboxChannel(sandbox)
  const letter = { channelId: channel.id, handle: 'ada', teammateId: 'tea_mina', text: 'Hello', files: [] }
  const begun = await composeAsTeammate(sandbox.deps, letter)
  expect((await write(channel.id)).conversation).not.toBe(begun)
})

test('handles must fit the channel’s contact type', async () => {
  const email = await createSandboxChannel(sandbox, { contactType: 'email' })
  expect((await write(email.id, { handle: 'ada' })).json._error.details).toEqual([
    'body.sender.handle: must be an email address',
  ])
  expect((await write(email.id, { handle: 'ada@shop.example' })).status).toBe(202)
  const phone = await createSandboxChannel(sandbox, { contactType: 'phone' })
  expect((await write(phone.id, { handle: 'ada' })).status).toBe(400)
  expect((await write(phone.id, { handle: '+44 20 7946 0018' })).json.recipients[0].handle).toBe('+442079460018')
})

test('a phone number without a country becomes an American one, with a warning', async () => {
  const phone = await createSandboxChannel(sandbox, { contactType: 'phone' })
  const { json, warning } = await write(phone.id, { handle: '0612345678' })
  expect(json.recipients[0].handle).toBe('+10612345678')
  expect(warning).toContain('US number')
})
