import { eq } from 'drizzle-orm'
import { afterAll, describe, expect, test } from 'vitest'
import { listReports } from '#db/queries/reports'
import { findTemplate } from '#db/queries/templates'
import { auditEvents } from '#db/schema/audit-events'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue, lanes } from '#db/schema/lanes'
import { reports } from '#db/schema/reports'
import { requests } from '#db/schema/requests'
import { callDoor, doorDeps, openApplicationDoor, openChannelDoor } from '#tests/support/door'
import type { Channel } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
let announced = 0
const deps = doorDeps(db, { defer: () => announced++ })
afterAll(database.close)

type Door = { channel: Channel; bearer: string }

const WELCOME = {
  name: 'Welcome',
  blurb: 'Hello {{1}}',
  is_disabled: false,
  status_name: 'APPROVED',
  variable_mappings: [{ uid: '{{1}}', type: 'text', name: 'First name' }],
  template_preview: '<p style="color: green">Hello {{1}}</p>',
}
const WHOLE = { external_id: 'welcome', ...WELCOME }

const put = (door: Door, body: unknown, id = 'welcome') =>
  callDoor(deps, door, { method: 'PUT', path: `templates/${encodeURIComponent(id)}`, body })
const patch = (door: Door, body: unknown, id = 'welcome') =>
  callDoor(deps, door, { method: 'PATCH', path: `templates/${encodeURIComponent(id)}`, body })
const list = (door: Door, query = '') => callDoor(deps, door, { method: 'GET', path: `templates${query}` })

async function toldOf({ channel }: Door, externalId = 'welcome') {
  const template = await findTemplate(db, { channelId: channel.id, externalId })
  const told = template ? await listReports(db, { subjectId: template.id }) : []
  return told.toReversed()
}

async function endReports({ channel }: Door, status: 'delivered' | 'failed', result: unknown = null) {
  const ids = (await db.select({ id: reports.id }).from(reports).where(eq(reports.channelId, channel.id))).map(
    ({ id }) => id,
  )
  for (const id of ids) {
    await db
      .update(deliveries)
      .set({ status, endedAt: new Date(), lastError: status === 'failed' ? 'Front: no templates' : null })
      .where(eq(deliveries.id, id))
    await db.update(reports).set({ result }).where(eq(reports.id, id))
  }
}

describe('a template that a provider gives', () => {
  test('is stored, and Front is told the whole of it', async () => {
    const door = await openApplicationDoor(db)
    announced = 0
    const answer = await put(door, WELCOME)

    expect(answer).toMatchObject({
      status: 202,
      json: {
        status: 'accepted',
        changed: true,
        template: { ...WHOLE, front: { state: 'queued', template_id: null } },
      },
    })
    expect(await toldOf(door)).toMatchObject([
      { kind: 'template_put', payload: { template: WHOLE }, createdBy: 'provider', status: 'pending' },
    ])
    expect(announced).toBe(1)
    const audit = await db.select().from(auditEvents).where(eq(auditEvents.channelId, door.channel.id))
    expect(audit).toMatchObject([
      { actor: 'provider', action: 'template.put', details: { externalId: 'welcome', name: 'Welcome' } },
    ])
  })

  test('may carry its id in the body alone, as Front’s own call has it, and any id in the address', async () => {
    const door = await openApplicationDoor(db)
    for (const method of ['PUT', 'POST']) {
      const body = { ...WHOLE, external_id: `by ${method}`, status_name: ' pending ' }
      const answer = await callDoor(deps, door, { method, path: 'templates', body })
      expect(answer).toMatchObject({
        status: 202,
        json: { template: { external_id: `by ${method}`, status_name: 'PENDING' } },
      })
    }
    expect((await put(door, WELCOME, 'über/uns: 50%')).json.template.external_id).toBe('über/uns: 50%')
  })

  test('and is just so already is told no second time', async () => {
    const door = await openApplicationDoor(db)
    await put(door, WELCOME)
    announced = 0
    expect(await put(door, WHOLE)).toMatchObject({ status: 202, json: { changed: false } })
    await endReports(door, 'delivered')
    expect((await put(door, WELCOME)).json.changed).toBe(false)

    expect(await toldOf(door)).toHaveLength(1)
    expect(announced).toBe(0)
    const kept = await db.select().from(requests).where(eq(requests.channelId, door.channel.id))
    expect(kept).toMatchObject([{ code: 'duplicate' }, { code: 'duplicate' }])
  })

  test('and Front refused before is told again, also when only a part of it changes', async () => {
    const door = await openApplicationDoor(db)
    await put(door, WELCOME)
    await endReports(door, 'failed')
    expect((await put(door, WELCOME)).json.changed).toBe(true)
    await endReports(door, 'failed')
    await patch(door, { name: 'Hello' })

    expect((await toldOf(door)).map(({ kind, payload }) => [kind, payload])).toEqual([
      ['template_put', { template: WHOLE }],
      ['template_put', { template: WHOLE }],
      ['template_put', { template: { ...WHOLE, name: 'Hello' } }],
    ])
  })

  test('five times at once is one template', async () => {
    const door = await openApplicationDoor(db)
    const answers = await Promise.all(Array.from({ length: 5 }, () => put(door, WELCOME)))
    expect(answers.filter(({ json }) => json.changed)).toHaveLength(1)
    expect(await toldOf(door)).toHaveLength(1)
  })
})

describe('a change of a template', () => {
  test('leaves the rest as it was, and Front is told of the change alone, after what came before', async () => {
    const door = await openApplicationDoor(db)
    await put(door, WELCOME)
    const answer = await patch(door, { status_name: 'rejected', is_disabled: true })

    expect(answer.json.template).toMatchObject({ ...WHOLE, status_name: 'REJECTED', is_disabled: true })
    const told = await toldOf(door)
    expect(told.map(({ kind }) => kind)).toEqual(['template_put', 'template_patch'])
    expect(told[1]?.payload).toEqual({ externalId: 'welcome', change: { status_name: 'REJECTED', is_disabled: true } })
    const queue = await db
      .select({ id: laneQueue.deliveryId, lane: lanes.id })
      .from(laneQueue)
      .innerJoin(lanes, eq(lanes.id, laneQueue.laneId))
      .where(eq(lanes.channelId, door.channel.id))
      .orderBy(laneQueue.seq)
    expect(queue.map(({ id }) => id)).toEqual(told.map(({ id }) => id))
    expect(new Set(queue.map(({ lane }) => lane)).size).toBe(1)
  })

  test('that changes nothing is not told', async () => {
    const door = await openApplicationDoor(db)
    await put(door, WELCOME)
    expect((await patch(door, { external_id: 'welcome', name: 'Welcome' })).json.changed).toBe(false)
    expect(await toldOf(door)).toHaveLength(1)
  })

  test('of an unknown template is not found', async () => {
    const door = await openApplicationDoor(db)
    expect(await patch(door, { name: 'x' })).toMatchObject({ status: 404, json: { error: { code: 'not_found' } } })
  })
})

test('the list shows how telling Front went, page by page', async () => {
  const door = await openApplicationDoor(db)
  for (const id of ['a', 'b', 'c']) await put(door, WELCOME, id)
  await endReports(door, 'delivered', { template_id: 'tpl_1' })
  await patch(door, { name: 'Other' }, 'b')
  const first = await list(door, '?limit=2')
  const second = await list(door, `?limit=2&after=${first.json.next}`)

  expect(first.json).toMatchObject({
    templates: [
      { external_id: 'a', front: { state: 'told', template_id: 'tpl_1', told_at: expect.any(String), error: null } },
      { external_id: 'b', name: 'Other', front: { state: 'queued', template_id: 'tpl_1', told_at: null } },
    ],
    next: 'b',
  })
  expect(second.json).toMatchObject({ templates: [{ external_id: 'c' }], next: null })
  await endReports(door, 'failed')
  expect((await list(door, '?limit=x')).json.templates[0].front).toMatchObject({
    state: 'failed',
    error: 'Front: no templates',
  })
})

const refusals: Record<string, [unknown, string[]]> = {
  'nothing of it': [{}, Object.keys(WELCOME)],
  'another id than in the address': [{ ...WELCOME, external_id: 'other' }, ['external_id']],
  'a status that Front has not': [{ ...WELCOME, status_name: 'PAUSED' }, ['status_name']],
  'a word for a truth': [{ ...WELCOME, is_disabled: 'no' }, ['is_disabled']],
  'a variable of another type': [
    { ...WELCOME, variable_mappings: [{ uid: '1', type: 'number', name: 'n' }] },
    ['variable_mappings.0.type'],
  ],
  'a variable without a name': [
    { ...WELCOME, variable_mappings: [{ uid: '1', type: 'file' }] },
    ['variable_mappings.0.name'],
  ],
  'an object for a list': [{ ...WELCOME, variable_mappings: {} }, ['variable_mappings']],
  'a list': [[], ['']],
}

for (const [what, [body, paths]] of Object.entries(refusals)) {
  test(`refuses ${what}`, async () => {
    const door = await openApplicationDoor(db)
    const { status, json } = await put(door, body)
    expect(status).toBe(422)
    expect(json.error.details.map(({ path }: { path: string }) => path)).toEqual(paths)
    expect(await toldOf(door)).toEqual([])
  })
}

test('refuses a change of nothing, and an id that is too long or that no path can hold', async () => {
  const door = await openApplicationDoor(db)
  await put(door, WELCOME)
  expect((await patch(door, {})).json.error.details).toMatchObject([{ path: '' }])
  expect((await patch(door, { name: null })).json.error.details).toMatchObject([{ path: 'name' }])
  for (const id of ['x'.repeat(201), '..']) {
    expect((await put(door, WELCOME, id)).json.error.details).toMatchObject([{ path: 'external_id' }])
  }
})

test('a custom channel has no templates', async () => {
  const door = await openChannelDoor(db)
  for (const answer of [await put(door, WELCOME), await patch(door, { name: 'x' }), await list(door)]) {
    expect(answer).toMatchObject({ status: 422, json: { error: { code: 'application_only' } } })
  }
})

test('without the key nothing is shown', async () => {
  const door = await openApplicationDoor(db)
  expect((await list({ ...door, bearer: 'pbk_wrong' })).status).toBe(401)
})
