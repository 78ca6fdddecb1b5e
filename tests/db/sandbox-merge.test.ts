import { afterAll, expect, test } from 'vitest'
import { listSandboxConversations } from '#db/queries/sandbox-conversations'
import { listSandboxMessages } from '#db/queries/sandbox-messages'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import { mergeAsTeammate } from '#lib/sandbox/apps/merge'
import { testDatabase } from '#tests/support/postgres'
import { testSandbox } from '#tests/support/sandbox'
import { callAs, createAppChannel } from '#tests/support/sandbox-apps'

const database = await testDatabase()
afterAll(database.close)
const { db } = database
const sandbox = testSandbox(database)
await putSandboxSettings(db, { visibleDelayMs: 0, requestsPerMinute: 0 })

/** A channel with a conversation for each of the external ids. */
async function open(...externalIds: string[]) {
  const { channel } = await createAppChannel(sandbox)
  const ask = callAs(sandbox, channel)
  const conversations: string[] = []
  for (const id of externalIds) {
    const metadata = { external_id: `m-${id}`, external_conversation_id: id }
    const json = { sender: { handle: id }, body: `Hello from ${id}`, metadata }
    const { message_uid: uid } = (await ask('POST', `/channels/${channel.id}/inbound_messages`, { json })).json
    const message = (await ask('GET', `/messages/alt:uid:${uid}`, { atMs: 10 })).json
    conversations.push(String(message._links.related.conversation.split('/').at(-1)))
  }
  const [first = '', second = '', third = ''] = conversations
  return { channel, ask, first, second, third }
}

test('a merged conversation has the messages and the external ids of both, and the other one points to it', async () => {
  const { channel, ask, first, second, third } = await open('a', 'b', 'c')
  await mergeAsTeammate(sandbox.later(20), { fromId: second, intoId: third })
  await mergeAsTeammate(sandbox.later(20), { fromId: third, intoId: first })
  const { json } = await ask('GET', `/conversations/${first}`, { atMs: 30 })
  expect(json.metadata.external_conversation_ids.sort()).toEqual(['a', 'b', 'c'])
  const messages = await listSandboxMessages(db, { conversationId: first, now: sandbox.later(30).now, limit: 9 })
  expect(messages.map((message) => message.content.text).sort()).toEqual(
    ['a', 'b', 'c'].map((id) => `Hello from ${id}`),
  )
  for (const id of [second, third]) {
    const moved = await ask('GET', `/conversations/${id}/messages`, { atMs: 30 })
    expect([moved.status, moved.headers.get('location')]).toEqual([301, expect.stringContaining(`/${first}/messages`)])
  }
  const at = { now: sandbox.later(30).now, status: 'unassigned' as const, channelId: channel.id }
  expect((await listSandboxConversations(db, at)).map((row) => row.id)).toEqual([first])
})

test('a message under an id of the one that was merged joins the one that is left', async () => {
  const { channel, ask, first, second } = await open('a', 'b')
  await mergeAsTeammate(sandbox.later(20), { fromId: second, intoId: first })
  const json = {
    sender: { handle: 'b' },
    body: 'Again',
    metadata: { external_id: 'm-2', external_conversation_id: 'b' },
  }
  await ask('POST', `/channels/${channel.id}/inbound_messages`, { json, atMs: 30 })
  const [newest] = await listSandboxMessages(db, { conversationId: first, now: sandbox.later(40).now, limit: 1 })
  expect(newest?.content.text).toBe('Again')
})

test('a conversation is not merged with itself, with one of another channel, or twice', async () => {
  const { first, second } = await open('a', 'b')
  const { first: elsewhere } = await open('a')
  const merge = (fromId: string, intoId: string) => mergeAsTeammate(sandbox.later(20), { fromId, intoId })
  await expect(merge(first, first)).rejects.toMatchObject({ code: 'conflict' })
  await expect(merge(first, elsewhere)).rejects.toMatchObject({ code: 'conflict' })
  await expect(merge(first, 'cnv_none')).rejects.toMatchObject({ code: 'not_found' })
  await merge(first, second)
  await expect(merge(first, second)).rejects.toMatchObject({ code: 'conflict' })
})
