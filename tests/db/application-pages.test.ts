import { afterAll, expect, test } from 'vitest'
import { newId } from '#db/ids'
import { getCall, getRecording, listCalls } from '#db/queries/calls'
import { listConversationAliases, listWaitingLanes } from '#db/queries/conversation-page'
import { listTroubledTargets } from '#db/queries/overview'
import { listFailedReports, listReports } from '#db/queries/reports'
import { getTemplate } from '#db/queries/templates'
import { createCall } from '#lib/flows/create-call'
import { discardDelivery } from '#lib/flows/discard-delivery'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { setChannelStatus } from '#lib/flows/set-channel-status'
import { applicationScene, createReport } from '#tests/support/application-scene'
import { createApp, createApplicationChannel } from '#tests/support/applications'
import { KEYS } from '#tests/support/door'
import { setTarget } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const now = new Date()
const stranger = newId()
const scene = await applicationScene(db, { keys: KEYS })
const { channel, call, template, message, conversation } = scene
const channelId = channel.id

test('calls are listed newest first, page by page in both directions, and those of other channels are not', async () => {
  const app = await createApp(db, { keys: KEYS })
  const phone = await createApplicationChannel(db, app)
  const ids: string[] = []
  for (let n = 0; n < 5; n += 1) {
    const body = {
      external_call_id: `c-${n}`,
      direction: 'inbound',
      initial_status: 'ringing',
      from: { handle: 'v' },
    } as const
    ids.unshift((await createCall(db, { channel: phone, call: body, now })).call.id)
  }
  const read = async (place: { before?: string; after?: string }) => {
    const { rows, ...rest } = await listCalls(db, { channelId: phone.id, ...place }, 2)
    return { ids: rows.map(({ id }) => id), ...rest }
  }
  expect(await read({})).toEqual({ ids: ids.slice(0, 2), hasOlder: true, hasNewer: false })
  expect(await read({ before: ids[1] })).toEqual({ ids: ids.slice(2, 4), hasOlder: true, hasNewer: true })
  expect(await read({ before: ids[3] })).toEqual({ ids: ids.slice(4), hasOlder: false, hasNewer: true })
  expect(await read({ after: ids[4] })).toEqual({ ids: ids.slice(2, 4), hasOlder: true, hasNewer: true })
  expect(await read({ after: ids[2] })).toEqual({ ids: ids.slice(0, 2), hasOlder: true, hasNewer: false })
})

test('a call, its recording and a template are found in their own channel only', async () => {
  const recording = (await listReports(db, { subjectId: call.id })).find(({ kind }) => kind === 'call_recording')
  const place = { channelId, callId: call.id, reportId: recording?.id ?? '' }
  expect(await getRecording(db, place)).toMatchObject({ filename: 'call.mp3', contentType: 'audio/mpeg' })
  expect(await getRecording(db, { ...place, channelId: stranger })).toBeNull()
  expect(await getRecording(db, { ...place, callId: stranger })).toBeNull()
  expect(await getCall(db, { channelId, id: call.id })).toMatchObject({ status: 'hangup' })
  expect(await getCall(db, { channelId: stranger, id: call.id })).toBeNull()
  expect(await getTemplate(db, { channelId, id: template.id })).toMatchObject({ name: template.name })
  expect(await getTemplate(db, { channelId: stranger, id: template.id })).toBeNull()
})

test('what Front could not be told is listed until somebody retries it or gives it up', async () => {
  const [failed, ...others] = await listFailedReports(db, { channelId })
  expect([failed?.subjectId, others]).toEqual([message.id, []])
  const deliveryId = failed?.id ?? ''
  await discardDelivery(db, { deliveryId, by: 'ada@example.com', reason: 'They know.', now })
  expect(await listFailedReports(db, { channelId })).toEqual([])
  expect(await retryDelivery(db, { deliveryId, requestedBy: 'ada@example.com', now })).toBe('queued')
  const [again] = await listReports(db, { subjectId: message.id })
  expect(again).toMatchObject({ id: deliveryId, status: 'pending' })
})

test('a report that waits behind another is refused a retry in words about Front, not about messages', async () => {
  const { id } = await createApplicationChannel(db, await createApp(db, { keys: KEYS }))
  const report = { channelId: id, kind: 'status', subjectId: id, payload: { status: 'ok' } } as const
  await createReport(db, report)
  const behind = await createReport(db, report)
  await expect(retryDelivery(db, { deliveryId: behind, requestedBy: 'ada@example.com', now })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/^Front is told other things first/),
  })
})

test('a conversation names every id that Front gave it, and its lane of reports is no lane of messages', async () => {
  expect(await listConversationAliases(db, conversation.id)).toMatchObject([{ reference: 'merged-Help' }])
  const lanes = await listWaitingLanes(db, call.conversationId)
  expect(lanes).toEqual([])
})

test('channels that are offline, or no longer called, are in trouble on the overview', async () => {
  const app = await createApp(db, { keys: KEYS })
  const quiet = await createApplicationChannel(db, app)
  const mine = async () => (await listTroubledTargets(db, new Date())).filter((target) => target.channelId === quiet.id)
  expect(await mine()).toEqual([])
  await setTarget(db, quiet.id, 'inbound', { breakerSince: now, breakerReason: 'It failed.' })
  await setChannelStatus(db, { channelId: quiet.id, status: 'offline', reason: 'Moving.', by: 'ada@example.com', now })
  expect(await mine()).toMatchObject([
    { direction: 'inbound', breakerReason: 'It failed.', heldSince: null },
    { direction: 'outbound', offlineSince: now, heldReason: 'Offline: Moving.' },
  ])
})
