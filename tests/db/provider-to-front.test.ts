import { afterAll, beforeEach, expect, test } from 'vitest'
import { delivering, jsonOf } from '#tests/support/delivering'
import { callDoor, doorDeps, KEYS, openApplicationDoor } from '#tests/support/door'
import { type Channel, createConversation, createMessage } from '#tests/support/factories'
import { otherSide } from '#tests/support/other-side'
import { phoneSystem, RING, soundForm } from '#tests/support/phone'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
const { drainOnce } = delivering(db, KEYS)
afterAll(database.close)

let door: { channel: Channel; bearer: string }
beforeEach(async () => {
  door = await openApplicationDoor(db)
})

/** What Front is called with, after the provider has done something: path below the channel, method and body. */
async function toldToFront() {
  const world = otherSide(() => ({ status: 202, body: '{"status":"accepted","message_uid":"uid_1"}' }))
  await drainOnce(world.send)
  const base = `https://front.example/channels/${door.channel.frontChannelId}`
  return world.seen
    .filter(({ url }) => url.startsWith(base))
    .map((request) => ({
      call: `${request.method} ${request.url.slice(base.length)}`,
      body: request.body instanceof FormData ? Object.fromEntries(request.body) : jsonOf(request),
    }))
}

test('a customer’s message reaches Front with everything that Front’s own call would have had', async () => {
  const first = await callDoor(deps, door, {
    path: 'incoming',
    body: { sender: { handle: 'ada' }, body: 'Hi', external_id: 'm-1' },
  })
  const answer = await callDoor(deps, door, {
    path: 'incoming',
    body: {
      sender: { handle: 'ada', name: 'Ada', email: 'ada@example.com' },
      subject: 'Order',
      body: 'a < b',
      in_reply_to: 'm-1',
      sent_at: 1_763_726_400,
    },
  })
  const calls = await toldToFront()
  expect(calls[1]).toEqual({
    call: 'POST /inbound_messages',
    body: {
      sender: { handle: 'ada', name: 'Ada', email: 'ada@example.com' },
      subject: 'Order',
      body: 'a &lt; b',
      metadata: {
        external_id: answer.json.id,
        external_conversation_id: first.json.conversation.reference,
        referenced_message_external_id: first.json.id,
      },
      delivered_at: 1_763_726_400,
    },
  })
})

test('what was sent elsewhere reaches Front with its writer and everybody it went to', async () => {
  const to = [
    { handle: 'ada', name: 'Ada' },
    { handle: 'bob', email: 'bob@example.com' },
  ]
  const body = { to, sender_name: 'Bot', author_id: 'tea_1', body: '<b>Hi</b>', body_format: 'html' }
  const { json } = await callDoor(deps, door, { path: 'sent', body })
  expect(await toldToFront()).toEqual([
    {
      call: 'POST /outbound_messages',
      body: {
        to,
        sender_name: 'Bot',
        author_id: 'tea_1',
        body: '<b>Hi</b>',
        metadata: { external_id: json.id, external_conversation_id: json.conversation.reference },
      },
    },
  ])
})

test('a bounce reaches Front by the ids that it knows, and so does going offline', async () => {
  const conversation = await createConversation(db, door.channel.id, { reference: 'pb-1' })
  const { id } = await createMessage(db, conversation, { direction: 'outbound', reference: 'pb-1' })
  await callDoor(deps, door, { path: 'status', body: { message_id: id, status: 'failed', reason: 'Opted out' } })
  await callDoor(deps, door, { path: 'status', body: { status: 'offline', reason: 'Signed out' } })
  const calls = await toldToFront()
  expect(calls).toContainEqual({
    call: `PUT /conversations/pb-1/messages/${id}/status`,
    body: { status: 'failed', reason: 'Reported as not delivered. Opted out' },
  })
  expect(calls).toContainEqual({ call: 'PATCH ', body: { status: 'offline' } })
})

test('templates and calls reach Front in Front’s own names, each in its order', async () => {
  const { create, update, add } = phoneSystem(db, deps)
  const template = {
    external_id: 'welcome',
    name: 'Welcome',
    blurb: 'Hello',
    is_disabled: false,
    status_name: 'APPROVED',
    variable_mappings: [],
    template_preview: '<p>Hello</p>',
  }
  await callDoor(deps, door, { method: 'PUT', path: 'templates', body: template })
  await callDoor(deps, door, { method: 'PATCH', path: 'templates/welcome', body: { name: 'Hi' } })
  const call = { ...RING, from: { handle: 'ada' }, started_at: 1_763_726_400_000 }
  await create(door, call)
  await update(door, { call_status: 'hangup', occurred_at: 1_763_726_460_000 })
  await add(door, 'recording', soundForm('call'))
  const calls = await toldToFront()

  const path = '/application_message_templates'
  expect(calls.filter((one) => one.call.includes(path))).toEqual([
    { call: `PUT ${path}`, body: template },
    { call: `PATCH ${path}/welcome`, body: { name: 'Hi' } },
  ])
  expect(calls.filter((one) => one.call.includes('/calls'))).toEqual([
    { call: 'POST /calls', body: { ...call, parent_external_call_id: 'c-1' } },
    { call: 'PATCH /calls/c-1', body: { call_status: 'hangup', occurred_at: 1_763_726_460_000 } },
    { call: 'POST /calls/c-1/recording', body: { recording_type: 'call', attachments: expect.any(File) } },
  ])
})
