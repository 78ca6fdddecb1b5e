import { sql } from 'drizzle-orm'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '#db/client'
import { takeWatch } from '#db/queries/alert-states'
import { alertDestinations, alertStates } from '#db/schema/alerts'
import { channels } from '#db/schema/channels'
import { watchChannels } from '#lib/flows/watch-channels'
import type { SealingKeys } from '#lib/secrets'
import { createAlertDestination, toldTo, typesToldTo } from '#tests/support/alerts'
import { type Channel, createChannel, setTarget } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const keys: SealingKeys = [Buffer.alloc(32, 7)]
const publicUrl = 'https://patchbay.example'
/** Eleven in the evening in Berlin. */
const START = new Date('2026-11-27T22:00:00Z')
const at = (minutes: number) => new Date(START.getTime() + minutes * 60_000)
const watchAt = (now: Date) => watchChannels(db, { publicUrl, now })
const fails = (failuresInARow: number) =>
  setTarget(db, channel.id, 'outbound', { failuresInARow, lastError: failuresInARow > 0 ? 'Down.' : null })
let channel: Channel

beforeEach(async () => {
  await db.delete(alertDestinations)
  await db.update(channels).set({ archivedAt: START })
  channel = await createChannel(db)
})

describe('quiet time', () => {
  /** From three to six hours after the start. */
  const quiet = { quietFrom: '02:00', quietTo: '05:00', quietZone: 'Europe/Berlin' }

  test('keeps what begins in it, tells it when it ends, and says that it was held back', async () => {
    const { id } = await createAlertDestination(db, { keys, ...quiet })
    await fails(9)
    await watchAt(at(180))
    await watchAt(at(359))
    expect(await toldTo(db, id)).toEqual([])
    await watchAt(at(360))
    expect(await toldTo(db, id)).toMatchObject([
      { type: 'channel.failing', data: { held_back: true, since: at(180).toISOString() } },
    ])
  })

  test('forgets what is over when it ends', async () => {
    const { id } = await createAlertDestination(db, { keys, ...quiet })
    await fails(9)
    await watchAt(at(180))
    await fails(0)
    for (const minute of [185, 300, 365]) await watchAt(at(minute))
    expect(await toldTo(db, id)).toEqual([])
    expect(await db.select().from(alertStates)).toEqual([])
  })

  test('keeps the end of what was told before, and forgets an end that was none', async () => {
    const ended = await createAlertDestination(db, { keys, ...quiet })
    await fails(9)
    await watchAt(at(170))
    await fails(0)
    for (const minute of [185, 200, 359]) await watchAt(at(minute))
    expect(await typesToldTo(db, ended.id)).toEqual(['channel.failing'])
    await watchAt(at(361))
    expect((await toldTo(db, ended.id)).at(-1)).toMatchObject({ type: 'channel.recovered', data: { held_back: true } })

    const goesOn = await createAlertDestination(db, { keys, ...quiet })
    await fails(9)
    await watchAt(at(1440))
    await fails(0)
    await watchAt(at(1440 + 190))
    await fails(9)
    for (const minute of [300, 361, 370]) await watchAt(at(1440 + minute))
    expect(await typesToldTo(db, goesOn.id)).toEqual(['channel.failing'])
  })
})

describe('a channel that fails and works in turns', () => {
  test('is told as failing once where it never works for long', async () => {
    const { id } = await createAlertDestination(db, { keys, calmMinutes: 5 })
    for (let minute = 0; minute < 60; minute += 1) {
      await fails(minute % 4 === 0 ? 9 : 0)
      await watchAt(at(minute))
    }
    expect(await typesToldTo(db, id)).toEqual(['channel.failing'])
  })

  test('is told at most once a quarter of an hour where it does, and its last state is told in the end', async () => {
    const { id } = await createAlertDestination(db, { keys, calmMinutes: 0 })
    for (let minute = 0; minute < 60; minute += 1) {
      await fails(minute % 2 === 0 ? 9 : 0)
      await watchAt(at(minute))
    }
    const told = await toldTo(db, id)
    expect(told.filter(({ type }) => type === 'channel.failing').length).toBeLessThanOrEqual(4)
    expect(told.length).toBeGreaterThanOrEqual(6)
    await fails(9)
    for (const minute of [60, 70, 80]) await watchAt(at(minute))
    expect((await typesToldTo(db, id)).at(-1)).toBe('channel.failing')
  })
})

describe('watching', () => {
  test('by several at once tells everything once', async () => {
    const { id } = await createAlertDestination(db, { keys })
    const second = await createAlertDestination(db, { keys })
    await fails(9)
    await Promise.all(Array.from({ length: 8 }, () => watchAt(START)))
    expect(await typesToldTo(db, id)).toEqual(['channel.failing'])
    expect(await typesToldTo(db, second.id)).toEqual(['channel.failing'])
  })

  test('is left to the one who does it already', async () => {
    const { id } = await createAlertDestination(db, { keys })
    await fails(9)
    await db.transaction(async (tx) => {
      expect(await takeWatch(tx)).toBe(true)
      expect(await watchAt(START)).toBe(0)
    })
    expect(await toldTo(db, id)).toEqual([])
    expect(await watchAt(START)).toBe(1)
  })

  test.each([1, 2, 3, 5, 8, 11, 14, 17, 20])(
    'that ends before its statement %i is as if it had not been',
    async (last) => {
      const { id } = await createAlertDestination(db, { keys })
      await fails(9)
      await watchChannels(dyingBefore(last), { publicUrl, now: START }).catch(() => {})
      const wasTold = (await toldTo(db, id)).length
      expect(await db.select().from(alertStates)).toHaveLength(wasTold)
      await watchAt(at(1))
      expect(await typesToldTo(db, id)).toEqual(['channel.failing'])
      const waiting = await db.execute(sql`select 1 from lane_queue q join lanes l on l.id = q.lane_id
      where l.channel_id = ${channel.id}`)
      expect(waiting).toHaveLength(1)
    },
  )
})

/** The database whose connection ends before a transaction's n-th query. */
function dyingBefore(n: number): Database {
  let left = n
  const counting = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(owner, name, receiver) {
        const value = Reflect.get(owner, name, receiver)
        if (
          typeof value !== 'function' ||
          !['select', 'insert', 'update', 'delete', 'execute'].includes(String(name))
        ) {
          return value
        }
        return (...args: unknown[]) => {
          left -= 1
          if (left <= 0) throw new Error('The process is gone.')
          return Reflect.apply(value, owner, args)
        }
      },
    })
  return new Proxy(db, {
    get: (owner, name, receiver) =>
      name === 'transaction'
        ? (work: (tx: unknown) => Promise<unknown>) => owner.transaction((tx) => work(counting(tx)))
        : Reflect.get(owner, name, receiver),
  })
}
