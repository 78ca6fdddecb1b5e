import { afterAll, expect, test } from 'vitest'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { findSpecs, responseValidator } from '#tests/contract/openapi'
import { testDatabase } from '#tests/support/postgres'
import { createSandboxChannel, testSandbox } from '#tests/support/sandbox'

const database = await testDatabase()
afterAll(database.close)
const sandbox = testSandbox(database)
const { call, pathOf } = sandbox
await putSandboxSettings(database.db, { visibleDelayMs: 1500, requestsPerMinute: 0 })
const channel = await createSandboxChannel(sandbox)
const intake = `/channels/${channel.id}/incoming_messages`
const hello = { sender: { handle: 'ada', name: 'Ada' }, body: '<p>Hello</p>', body_format: 'html' }

test.skipIf(!findSpecs().found)('answers as Front’s own specification says', async () => {
  const atMs = 20_000
  const uid = (await call('POST', intake, { json: { ...hello, metadata: { thread_ref: 'spec' } } })).json.message_uid
  const message = (await call('GET', `/messages/alt:uid:${uid}`, { atMs })).json
  const conversation = pathOf(message._links.related.conversation)
  const answers = {
    'api-token-details': (await call('GET', '/me')).json,
    'list-inboxes': (await call('GET', '/inboxes')).json,
    'get-inbox': (await call('GET', '/inboxes/inb_support')).json,
    'list-channels': (await call('GET', '/channels')).json,
    'get-channel': (await call('GET', `/channels/${channel.id}`)).json,
    'get-message': message,
    'get-conversation-by-id': (await call('GET', conversation, { atMs })).json,
    'list-conversation-messages': (await call('GET', `${conversation}/messages`, { atMs })).json,
    'list-conversation-comments': (await call('GET', `${conversation}/comments`, { atMs })).json,
  }
  for (const [operation, answer] of Object.entries(answers)) {
    const validate = responseValidator('core', operation, '200')
    validate(answer)
    expect([operation, validate.errors ?? []]).toEqual([operation, []])
  }
})
