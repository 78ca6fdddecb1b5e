import { setImmediate } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import type { Database } from '#db/client'
import { apps } from '#db/schema/apps'
import { channels } from '#db/schema/channels'
import { messages } from '#db/schema/messages'
import { findEndpoint } from '#lib/endpoints/find-endpoint'
import { storableJson } from '#lib/http/storable'
import {
  addConnectKey,
  authorization,
  autoreplyEvent,
  callApp,
  connectedApp,
  messageEvent,
  newFrontChannelId,
  openApp,
  prepareChannel,
} from '#tests/support/app-door'
import { doorDeps } from '#tests/support/door'
import { estrange, type FuzzCall, misuse, mutate, mutateSignature, pick, signedCall } from '#tests/support/fuzz'
import { testDatabase } from '#tests/support/postgres'
import { seededRandom } from '#tests/support/random'

const CALLS = 100_000
const AT_ONCE = 24
const SEED = 20_261_127

const database = await testDatabase({ max: 12 })
const { db } = database
const now = new Date()
const deps = doorDeps(db, { now: () => now })
afterAll(database.close)

const random = seededRandom(SEED)
const front = await connectedApp(db, deps)
const channel = await prepareChannel(db, front.app, { name: 'Second' })
const second = { ...front, ...(await addConnectKey(db, front.app, channel.id)), channel }
const open = await openApp(db, { authMethod: 'none' })
const elsewhere = await connectedApp(db, deps)
const [secondId, openId] = [newFrontChannelId(), newFrontChannelId()]
// What is noted of an app once a minute is noted before its door is remembered.
await callApp(deps, second, authorization(secondId))
await callApp(deps, open, authorization(openId))
await callApp(deps, front, { type: 'sync' })
const quickDeps = doorDeps(rememberDoors(db), { now: () => now })

const appPath = (key: string) => `/api/front/apps/${key}`
const channelPath = (appKey: string, channelKey: string) => `${appPath(appKey)}/channels/${channelKey}`
const OWN_PATH = channelPath(front.app.key, front.channel.key)
const OTHER_PATHS = [
  channelPath(front.app.key, channel.key),
  channelPath(elsewhere.app.key, elsewhere.channel.key),
  channelPath(elsewhere.app.key, front.channel.key),
  appPath(open.app.key),
  channelPath(front.app.key, 'ch_nobody'),
  channelPath('app_nobody', front.channel.key),
  `${OWN_PATH}/`,
]

/** What was signed with the right secret for the right channel: only that may be found in the database. */
const signedPayloads = new Set<string>()
const signedChannels = new Set([front.frontChannelId, elsewhere.frontChannelId, secondId, openId])

test(`${CALLS.toLocaleString('en')} mangled calls of Front break nothing and forge nothing`, {
  timeout: 240_000,
}, async () => {
  const tally = new Map<string, number>()
  const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1)
  let left = CALLS
  const caller = async () => {
    while (left > 0) {
      left -= 1
      // Refusals need no database here, and would never let its answers to the others in.
      await setImmediate()
      const call = nextCall()
      const { end, isBroken } = await send(call)
      count(end)
      if (isBroken) throw new Error(`Call ${CALLS - left} ended as ${end}: ${describe(call)}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, caller))

  const stored = await db.select({ raw: messages.raw, channelId: messages.channelId }).from(messages)
  expect(stored.filter(({ raw }) => !signedPayloads.has(canonical(raw)))).toEqual([])
  expect(new Set(stored.map(({ channelId }) => channelId))).toEqual(new Set([front.channel.id]))
  const connected = await db.select().from(channels).where(eq(channels.kind, 'application'))
  expect(connected.map(({ frontChannelId }) => frontChannelId).filter((id) => isForgedChannel(id))).toEqual([])
  expect(connected.filter(({ disconnectedAt }) => disconnectedAt !== null)).toEqual([])
  expect(await db.select().from(apps)).toHaveLength(3)
  // Every kind of end was met, so the calls did not all fail at the first step.
  expect(stored.length).toBeGreaterThan(CALLS / 500)
  for (const end of ['success', 'authentication_required', 'forbidden', 'not_found', 'bad_request', 'not routed']) {
    expect(tally.get(end), end).toBeGreaterThan(CALLS / 5000)
  }
})

/**
 * Looking up the app of every call would be most of the time: with a clock that stands still the same question has the
 * same answer, since nothing that it tells is changed here.
 */
function rememberDoors(real: Database): Database {
  const known = new Map<string, Promise<unknown>>()
  const unsafe = (...asked: Parameters<Database['$client']['unsafe']>) => {
    const question = JSON.stringify(asked)
    const answer = known.get(question) ?? real.$client.unsafe(...asked).execute()
    known.set(question, answer)
    return answer
  }
  return new Proxy(real, {
    get: (target, name) =>
      name === '$client' ? { options: target.$client.options, unsafe } : Reflect.get(target, name),
  })
}

const isForgedChannel = (id: string) => id.startsWith('cha_') && !signedChannels.has(id)

type Base = { event: unknown; call: (body: string) => FuzzCall; isRemoval?: boolean }

function nextCall(): FuzzCall {
  const base = pick(random, BASES)()
  if (base.isRemoval) return mutateSignature(base.call(JSON.stringify(base.event)), random)
  const lot = random()
  const text = JSON.stringify(lot < 0.02 ? estrange(base.event, random) : base.event)
  const call = base.call(text)
  // Most are refused at the signature, so as many again get past it as the time allows.
  const sent = lot < 0.025 ? call : lot < 0.065 ? misuse(call, random, OTHER_PATHS) : mutate(call, random, OTHER_PATHS)
  if (!sent.isForged) allow(text)
  return sent
}

/** Only the body may be strange from here on, and then it counts as it was signed. */
function allow(text: string): void {
  let event: { payload?: unknown } | null
  try {
    event = storableJson(JSON.parse(text)) as { payload?: unknown } | null // as the endpoint reads it
  } catch {
    return
  }
  signedPayloads.add(canonical(event?.payload))
  const id = (event?.payload as { channel_id?: unknown } | null | undefined)?.channel_id
  if (typeof id === 'string') signedChannels.add(id)
}

const toChannel = (event: unknown): Base => ({
  event,
  call: (body) => signedCall({ method: 'POST', path: OWN_PATH, key: front.key, body, now }),
})

const BASES: (() => Base)[] = [
  () => toChannel(messageEvent()),
  () => toChannel(messageEvent({}, { external_conversation_ids: [`ref-${Math.floor(random() * 50)}`] })),
  () => toChannel(autoreplyEvent({ created_at: Math.floor(random() * 1e9) })),
  () => toChannel({ ...messageEvent(), type: 'message_imported' }),
  () => toChannel({ type: 'list_addresses', payload: {} }),
  () => toChannel({ type: 'sync', authorization: { id: 'cmp_1' } }),
  () => ({
    ...toChannel({ type: 'delete', payload: { channel_id: front.frontChannelId } }),
    isRemoval: true,
  }),
  () => ({
    event: authorization(newFrontChannelId()),
    call: (body) => signedCall({ method: 'POST', path: appPath(open.app.key), key: null, body, now }),
  }),
]

/** What became of a call, in a word. */
async function send(call: FuzzCall): Promise<{ end: string; isBroken: boolean }> {
  const endpoint = findEndpoint(call.method, call.path)
  if (!endpoint) return { end: 'not routed', isBroken: false }
  const hasBody = call.body !== null && call.method !== 'GET' && call.method !== 'HEAD'
  const headers = { ...call.headers, 'x-forwarded-for': `192.0.2.${Math.floor(random() * 16)}` }
  const body = hasBody && call.body ? new Uint8Array(call.body) : undefined
  const request = new Request(`http://localhost${call.path}`, { method: call.method, headers, body })
  const response = await endpoint(request, quickDeps)
  const answer: { type?: string } = await response.json()
  const isBroken = response.status >= 500 || answer.type === 'internal_error'
  return { end: isBroken ? JSON.stringify(answer) : (answer.type ?? 'other'), isBroken }
}

function describe({ method, path, headers, body }: FuzzCall): string {
  return JSON.stringify({ method, path, headers, body: body?.toString('base64') })
}

/** Postgres orders the keys of an object in its own way. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}
