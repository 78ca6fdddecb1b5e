import { and, eq } from 'drizzle-orm'
import { afterAll, describe, expect, test } from 'vitest'
import { channels } from '#db/schema/channels'
import { reports } from '#db/schema/reports'
import { requests } from '#db/schema/requests'
import { targets } from '#db/schema/targets'
import { callDoor, doorDeps, openApplicationDoor, openChannelDoor } from '#tests/support/door'
import type { Channel } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
const deps = doorDeps(db)
afterAll(database.close)

type Door = { channel: Channel; bearer: string }

const postStatus = (door: Door, body: unknown) => callDoor(deps, door, { path: 'status', body })
const requestsOf = ({ channel }: Door) => db.select().from(requests).where(eq(requests.channelId, channel.id))

describe('the channel as a whole', () => {
  const statusReports = (channelId: string) =>
    db
      .select()
      .from(reports)
      .where(and(eq(reports.channelId, channelId), eq(reports.kind, 'status')))

  test('goes offline and back, replies are held meanwhile, and Front is told each once', async () => {
    const door = await openApplicationDoor(db)
    const offline = { status: 'offline', reason: 'The phone was signed out' }
    const answers = [await postStatus(door, offline), await postStatus(door, offline)]
    expect(answers.map(({ json }) => json.changed)).toEqual([true, false])
    const [channel] = await db.select().from(channels).where(eq(channels.id, door.channel.id))
    expect(channel).toMatchObject({
      offlineBy: 'provider',
      offlineReason: offline.reason,
      offlineSince: expect.any(Date),
    })
    const outbound = and(eq(targets.channelId, door.channel.id), eq(targets.direction, 'outbound'))
    expect(await db.select().from(targets).where(outbound)).toMatchObject([{ heldSince: expect.any(Date) }])

    expect((await postStatus(door, { status: 'ok' })).json.changed).toBe(true)
    expect(await db.select().from(targets).where(outbound)).toMatchObject([{ heldSince: null }])
    expect((await statusReports(door.channel.id)).map(({ payload }) => payload)).toEqual([
      { status: 'offline' },
      { status: 'ok' },
    ])
  })

  test('cannot be offline where it is a custom one', async () => {
    const answer = await postStatus(await openChannelDoor(db), { status: 'offline', reason: 'x' })
    expect(answer).toMatchObject({ status: 422, json: { error: { code: 'application_only' } } })
  })

  test('cannot be offline before Front has connected it', async () => {
    const door = await openApplicationDoor(db, { connectedAt: null })
    expect((await postStatus(door, { status: 'offline', reason: 'x' })).status).toBe(409)
  })
})

const refusals: Record<string, [unknown, string[]]> = {
  'no status': [{ message_id: 'x' }, ['status']],
  'another status': [{ message_id: 'x', status: 'read' }, ['status']],
  'a failure of nothing': [{ status: 'failed' }, ['message_id']],
  'an offline message': [
    { status: 'offline', reason: 'x', message_id: 'x', external_id: 'y' },
    ['message_id', 'external_id'],
  ],
  'offline without a reason': [{ status: 'offline' }, ['reason']],
  'a number for an id': [{ status: 'failed', external_id: 7 }, ['external_id']],
  'a long reason': [{ status: 'failed', external_id: 'x', reason: 'x'.repeat(501) }, ['reason']],
  'a list': [[], ['']],
}

for (const [what, [body, paths]] of Object.entries(refusals)) {
  test(`refuses ${what}`, async () => {
    const door = await openApplicationDoor(db)
    const { status, json } = await postStatus(door, body)
    expect(status).toBe(422)
    expect(json.error.details.map(({ path }: { path: string }) => path)).toEqual(paths)
    expect(await requestsOf(door)).toMatchObject([{ code: 'invalid_input' }])
  })
}

test('a form is no status', async () => {
  const form = new FormData()
  form.append('status', 'failed')
  expect((await callDoor(deps, await openApplicationDoor(db), { path: 'status', body: form })).status).toBe(415)
})
