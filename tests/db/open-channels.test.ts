import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { getActiveKeys } from '#db/queries/channel-keys'
import { getChannel, getChannelByKey, listChannels } from '#db/queries/channels'
import { listTargets } from '#db/queries/targets'
import { auditEvents } from '#db/schema/audit-events'
import { companies } from '#db/schema/companies'
import { isUnfinished } from '#lib/channels/channel-status'
import { connectChannel } from '#lib/flows/connect-channel'
import { createChannelInFront } from '#lib/flows/create-channel-in-front'
import { dropUnfinishedChannel, finishChannel } from '#lib/flows/finish-channel'
import { pauseChannel } from '#lib/flows/pause-channel'
import { hashToken, sealingKeys, unseal } from '#lib/secrets'
import { scriptedFront } from '#tests/support/front'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'

const keys = sealingKeys(Buffer.alloc(32, 1).toString('base64'), '')
const now = new Date('2026-11-20T12:00:00Z')
const actor = 'ada@example.com'

const LIST = 'GET /inboxes/inb_1/channels'
const CREATE = 'POST /inboxes/inb_1/channels'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

async function makeBasics(name = 'Web chat') {
  const companyId = newId()
  await database.db.insert(companies).values({ id: companyId, name: 'Acme', frontBaseUrl: 'https://front.example' })
  return { companyId, name, threading: { type: 'sender' as const }, providerUrl: 'https://provider.example/in' }
}

const custom = (id: string, name = 'Web chat') => ({ id, name, type: 'custom' })
const list = (...channels: object[]) => ({ json: { _results: channels } })

async function create(front: ReturnType<typeof scriptedFront>, basics: Awaited<ReturnType<typeof makeBasics>>) {
  return createChannelInFront(database.db, {
    basics,
    inboxId: 'inb_1',
    front: front.client,
    publicUrl: 'https://relay.example',
    actor,
    keys,
    now,
  })
}

test('a channel made in Front posts to us from the start and has two targets and both keys', async () => {
  const front = scriptedFront({ [LIST]: list(), [CREATE]: { status: 201, json: custom('cha_new') } })
  const { channel, incomingKey, signingSecret, finished } = await create(front, await makeBasics())

  expect(finished).toBe(true)
  expect(front.bodies().at(1)).toEqual({
    type: 'custom',
    name: 'Web chat',
    settings: { webhook_url: `https://relay.example/api/front/custom/${channel.key}/outgoing` },
  })
  expect(channel).toMatchObject({ frontChannelId: 'cha_new', frontInboxId: 'inb_1', kind: 'custom' })
  expect(await listTargets(database.db, [channel.id])).toMatchObject([
    { direction: 'inbound', rateEvery: '00:00:00.2', rateBurst: 5, heldSince: null },
    { direction: 'outbound', rateEvery: null, heldSince: null },
    { direction: 'report', rateEvery: '00:00:00.2', rateBurst: 5, heldSince: null },
  ])
  const [incoming] = await getActiveKeys(database.db, { channelId: channel.id, purpose: 'incoming', now })
  const [signing] = await getActiveKeys(database.db, { channelId: channel.id, purpose: 'signing', now })
  expect(incoming).toMatchObject({ tokenHash: hashToken(incomingKey), secretSealed: null, hint: incomingKey.slice(-4) })
  expect(signing).toMatchObject({ tokenHash: null, hint: signingSecret.slice(-4), createdBy: actor })
  expect(unseal(signing?.secretSealed ?? '', keys)).toBe(signingSecret)
  expect(signingSecret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/)
})

test('an answer without a body is settled by what the inbox holds now and did not before', async () => {
  const front = scriptedFront({
    [LIST]: [
      list(custom('cha_old')),
      list(custom('cha_old'), custom('cha_new'), { ...custom('cha_mail'), type: 'smtp' }),
    ],
    [CREATE]: { status: 204 },
  })
  const { channel, finished } = await create(front, await makeBasics())
  expect({ finished, id: channel.frontChannelId }).toEqual({ finished: true, id: 'cha_new' })
})

test('a lost answer is looked up in the same way', async () => {
  const front = scriptedFront({ [LIST]: [list(), list(custom('cha_new'))], [CREATE]: 'no answer' })
  const { channel, finished } = await create(front, await makeBasics())
  expect({ finished, id: channel.frontChannelId }).toEqual({ finished: true, id: 'cha_new' })
})

const unclear = {
  'the new channel is not in the list yet': [{ status: 204 }, list()],
  'two new channels have that name': [{ status: 204 }, list(custom('cha_a'), custom('cha_b'))],
  'neither the answer nor the list comes': ['no answer', 'no answer'],
  'Front fails after it may have made it': [{ status: 502 }, list()],
} as const
for (const [what, [answer, after]] of Object.entries(unclear)) {
  test(`when ${what}, the channel stays unfinished and held`, async () => {
    const front = scriptedFront({ [LIST]: [list(), after], [CREATE]: answer })
    const { channel, finished } = await create(front, await makeBasics())
    expect(finished).toBe(false)
    expect(isUnfinished(channel.frontChannelId)).toBe(true)
    expect(await getChannelByKey(database.db, channel.key)).not.toBeNull()
    const sides = await listTargets(database.db, [channel.id])
    expect(sides.map((side) => side.heldSince)).toEqual([now, now, now])
  })
}

test('an unfinished channel is finished by the id that a person chose, and what was held goes out', async () => {
  const front = scriptedFront({ [LIST]: list(), [CREATE]: { status: 204 } })
  const { channel } = await create(front, await makeBasics())
  await finishChannel(database.db, { channelId: channel.id, frontChannelId: 'cha_found', actor, now })
  expect(await getChannel(database.db, channel.id)).toMatchObject({ frontChannelId: 'cha_found' })
  const sides = await listTargets(database.db, [channel.id])
  expect(sides.map((side) => side.heldSince)).toEqual([null, null, null])
  const again = finishChannel(database.db, { channelId: channel.id, frontChannelId: 'cha_other', actor, now })
  await expect(again).rejects.toMatchObject({ code: 'conflict' })
})

test('an unfinished channel is held already and cannot be paused, so finishing it never undoes a pause', async () => {
  const front = scriptedFront({ [LIST]: list(), [CREATE]: { status: 204 } })
  const { channel } = await create(front, await makeBasics())
  const pause = pauseChannel(database.db, { channelId: channel.id, reason: 'Wait', actor, now })
  await expect(pause).rejects.toMatchObject({ code: 'conflict' })
})

test('an unfinished channel can be given up; a finished one cannot', async () => {
  const front = scriptedFront({ [LIST]: list(), [CREATE]: [{ status: 204 }, { json: custom('cha_kept') }] })
  const basics = await makeBasics()
  const { channel } = await create(front, basics)
  await dropUnfinishedChannel(database.db, { channelId: channel.id, actor })
  expect(await getChannel(database.db, channel.id)).toBeNull()
  const kept = await create(front, basics)
  const drop = dropUnfinishedChannel(database.db, { channelId: kept.channel.id, actor })
  await expect(drop).rejects.toMatchObject({ code: 'conflict' })
})

test('a refusal of Front leaves nothing behind and keeps Front’s words', async () => {
  const refusal = {
    _error: { status: 400, title: 'Bad request', message: 'Name is taken', details: ['body.name: taken'] },
  }
  const front = scriptedFront({ [LIST]: list(), [CREATE]: { status: 400, json: refusal } })
  const basics = await makeBasics('Taken name')
  await expect(create(front, basics)).rejects.toMatchObject({
    code: 'upstream_refused',
    message: 'Front refused: Name is taken (body.name: taken)',
  })
  const names = (await listChannels(database.db)).map((channel) => channel.name)
  expect(names).not.toContain('Taken name')
})

async function connect(basics: Awaited<ReturnType<typeof makeBasics>>, front: ReturnType<typeof scriptedFront> | null) {
  return connectChannel(database.db, {
    basics,
    frontChannelId: 'cha_hand',
    front: front?.client ?? null,
    actor,
    keys,
    now,
  })
}

test('a channel made by hand is checked in Front and remembers its inbox', async () => {
  const inbox = 'https://acme.api.frontapp.com/inboxes/inb_7'
  const front = scriptedFront({
    'GET /channels/cha_hand': { json: { ...custom('cha_hand'), _links: { related: { inbox } } } },
  })
  const { channel } = await connect(await makeBasics(), front)
  expect(channel).toMatchObject({ frontChannelId: 'cha_hand', frontInboxId: 'inb_7' })
  const events = await database.db.select().from(auditEvents).where(eq(auditEvents.channelId, channel.id)).limit(10)
  expect(events).toMatchObject([{ actor, action: 'channel.open', details: { frontChannelId: 'cha_hand' } }])
})

test('a channel of another type is refused', async () => {
  const front = scriptedFront({ 'GET /channels/cha_hand': { json: { ...custom('cha_hand'), type: 'smtp' } } })
  await expect(connect(await makeBasics(), front)).rejects.toMatchObject({
    code: 'invalid_input',
    details: [{ path: 'frontChannelId', message: expect.stringContaining('smtp') }],
  })
})

test('a channel that Front does not know is refused, at its id', async () => {
  const json = { _error: { status: 404, title: 'Not found', message: 'Unknown channel ID cha_hand' } }
  const front = scriptedFront({ 'GET /channels/cha_hand': { status: 404, json } })
  await expect(connect(await makeBasics(), front)).rejects.toMatchObject({
    code: 'invalid_input',
    details: [{ path: 'frontChannelId', message: expect.stringContaining('no channel with this id') }],
  })
})

test('without a token it is connected unchecked, but only once in its company', async () => {
  const basics = await makeBasics()
  await connect(basics, null)
  await expect(connect(basics, null)).rejects.toMatchObject({ code: 'conflict' })
  await connect(await makeBasics(), null)
})
