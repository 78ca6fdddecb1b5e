import { eq, inArray, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { Claim } from '#db/queries/lanes'
import { settleDeliveries } from '#db/queries/settle'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue, lanes } from '#db/schema/lanes'
import { AppError } from '#lib/errors'
import { discardDelivery } from '#lib/flows/discard-delivery'
import { pauseChannel } from '#lib/flows/pause-channel'
import { resumeChannel } from '#lib/flows/resume-channel'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { claim, enqueue, passTime, settlement } from '#tests/support/engine'
import { EngineModel, type ModelDelivery, type ModelLane } from '#tests/support/engine-model'
import { type Channel, createChannel, createConversation } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const TALKS = 2
const DIRECTIONS = ['inbound', 'outbound'] as const
const OUTCOMES = ['delivered', 'retrying', 'failed', 'deferred'] as const
const HOUR_MS = 3_600_000
const actor = 'mina@example.com'

/** What may happen next; numbers choose among whatever is there at that moment. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('enqueue' as const), which: fc.nat(99) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const), which: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom(...OUTCOMES), which: fc.nat(99) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('retry' as const, 'discard' as const, 'stale' as const),
      which: fc.nat(99),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('time' as const, 'hold' as const), which: fc.nat(99) }) },
)
type Step = {
  do: 'enqueue' | 'claim' | (typeof OUTCOMES)[number] | 'retry' | 'discard' | 'stale' | 'time' | 'hold'
  which: number
}

class World {
  readonly model = new EngineModel()
  /** Claims that were settled, or whose lease has ended: they must change nothing any more. */
  readonly stale: Claim[] = []
  readonly channel: Channel
  readonly talks: string[]
  constructor(channel: Channel, talks: string[]) {
    this.channel = channel
    this.talks = talks
  }

  async run({ do: what, which }: Step): Promise<void> {
    if (what === 'enqueue') return this.enqueue(which)
    if (what === 'claim') return this.claim(which)
    if (what === 'retry') return this.retry(pick([...this.model.deliveries.values()], which))
    if (what === 'discard') return this.discard(pick([...this.model.deliveries.values()], which))
    if (what === 'stale') return this.settleStale(pick(this.stale, which))
    if (what === 'time') return this.passTime()
    if (what === 'hold') return this.hold()
    return this.settle(pick(this.leased(), which), what)
  }

  leased(): ModelLane[] {
    return [...this.model.lanes.values()].filter(({ state }) => state === 'leased')
  }

  async enqueue(which: number): Promise<void> {
    const conversationId = this.talks[which % TALKS] ?? ''
    const direction = DIRECTIONS[which % DIRECTIONS.length] ?? 'inbound'
    const id = await enqueue(db, { channelId: this.channel.id, conversationId, direction })
    this.model.enqueue(`${conversationId} ${direction}`, id)
  }

  async claim(batch: number): Promise<void> {
    const expected = this.model.claimable()
    const claims = await claim(db, batch)
    expect(claims).toHaveLength(Math.min(batch, expected.length))
    for (const one of claims) {
      const lane = this.model.lane(`${one.conversationId} ${one.direction}`)
      expect(expected).toContain(lane)
      expect(one.deliveryId).toBe(lane.queue[0])
      expect(one.recovered).toBe(lane.state === 'expired')
      if (lane.claim) this.stale.push(lane.claim)
      lane.state = 'leased'
      lane.claim = one
      // A head that somebody has discarded is stepped over.
      if (this.model.deliveries.get(one.deliveryId)?.status === 'discarded') await this.settle(lane, 'skipped')
    }
  }

  async settle(lane: ModelLane | null, outcome: (typeof OUTCOMES)[number] | 'skipped'): Promise<void> {
    const one = lane?.claim
    if (!lane || !one) return
    const advance =
      outcome !== 'retrying' && outcome !== 'deferred' && !(outcome === 'failed' && this.channel.failedHead === 'hold')
    const change = { advance, retry_ms: outcome === 'retrying' || outcome === 'deferred' ? HOUR_MS : null }
    expect(await settleDeliveries(db, [settlement(one, outcome, change)])).toEqual([one.deliveryId])
    this.stale.push(one)
    const delivery = this.model.deliveries.get(one.deliveryId)
    if (delivery && outcome !== 'deferred' && outcome !== 'skipped') {
      delivery.status = outcome
      delivery.requested = false
    }
    if (outcome === 'delivered') lane.sent.push(one.deliveryId)
    if (advance) return this.model.advance(lane)
    lane.claim = null
    lane.state = outcome === 'failed' ? 'blocked' : 'waiting'
  }

  async settleStale(one: Claim | null): Promise<void> {
    if (one) expect(await settleDeliveries(db, [settlement(one, 'delivered')])).toEqual([])
  }

  async retry(delivery: ModelDelivery | null): Promise<void> {
    if (!delivery) return
    const asked = retryDelivery(db, { deliveryId: delivery.id, requestedBy: actor, now: new Date() })
    const refused = this.model.refusesRetry(delivery)
    expect(await wasTaken(asked), refused ?? 'retry').toBe(refused === null)
    if (refused === null) this.model.retry(delivery)
  }

  async discard(delivery: ModelDelivery | null): Promise<void> {
    if (!delivery) return
    const asked = discardDelivery(db, { deliveryId: delivery.id, by: actor, reason: 'no', now: new Date() })
    const refused = this.model.refusesDiscard(delivery)
    expect(await wasTaken(asked)).toBe(!refused)
    if (!refused) this.model.discard(delivery)
  }

  async passTime(): Promise<void> {
    await passTime(db, 2 * HOUR_MS)
    this.model.passTime()
  }

  async hold(): Promise<void> {
    const change = { channelId: this.channel.id, actor, now: new Date() }
    if (this.model.held) await resumeChannel(db, change)
    else await pauseChannel(db, { ...change, reason: 'try' })
    this.model.held = !this.model.held
  }

  /** The tables say what the model says. */
  async check(): Promise<void> {
    const rows = await db
      .select({ lane: lanes, waiting: laneQueue.deliveryId, seq: laneQueue.seq })
      .from(lanes)
      .leftJoin(laneQueue, eq(laneQueue.laneId, lanes.id))
      .where(inArray(lanes.conversationId, this.talks))
      .orderBy(lanes.id, laneQueue.seq)
    for (const lane of this.model.lanes.values()) {
      const mine = rows.filter((row) => `${row.lane.conversationId} ${row.lane.direction}` === lane.key)
      expect(mine.flatMap(({ waiting }) => waiting ?? [])).toEqual(lane.queue)
      const [first] = mine
      expect(first?.lane.lease !== null && first?.lane.lease !== undefined).toBe(lane.claim !== null)
      expect(first?.lane.dueAt === null).toBe(lane.state === 'empty' || lane.state === 'blocked')
      if (lane.queue.length > 0) expect(first?.seq).toBe(first?.lane.headSeq)
    }
    const stored = await db
      .select({ id: deliveries.id, status: deliveries.status })
      .from(deliveries)
      .where(eq(deliveries.channelId, this.channel.id))
    const statuses = Object.fromEntries(stored.map(({ id, status }) => [id, status]))
    expect(statuses).toEqual(
      Object.fromEntries([...this.model.deliveries.values()].map(({ id, status }) => [id, status])),
    )
  }

  /** Whatever happened: once all is well again everything that waits is sent, each once and in its order. */
  async heal(): Promise<void> {
    if (this.model.held) await this.hold()
    for (const lane of this.model.lanes.values()) {
      const head = this.model.deliveries.get(lane.queue[0] ?? '')
      if (lane.state === 'blocked' && head) await this.retry(head)
    }
    while ([...this.model.lanes.values()].some(({ queue }) => queue.length > 0)) {
      await this.passTime()
      const waiting = new Map([...this.model.lanes.values()].map((lane) => [lane, lane.queue[0]]))
      await this.claim(50)
      for (const lane of this.leased()) {
        expect(lane.claim?.deliveryId).toBe(waiting.get(lane))
        await this.settle(lane, 'delivered')
      }
    }
    await this.check()
    for (const lane of this.model.lanes.values()) expect(new Set(lane.sent).size).toBe(lane.sent.length)
  }
}

function pick<T>(list: readonly T[], which: number): T | null {
  return list.length > 0 ? (list[which % list.length] ?? null) : null
}

async function wasTaken(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'conflict') return false
    throw error
  }
}

test.each(['move_on', 'hold'] as const)(
  'whatever is enqueued, claimed, settled, lost, retried, held and discarded: the engine does as its model (%s)',
  async (failedHead) => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 50 }), async (steps) => {
      await db.execute(sql`update lanes set due_at = null, lease = null`)
      const channel = await createChannel(db, { failedHead })
      const talks = [await createConversation(db, channel.id), await createConversation(db, channel.id)]
      const world = new World(
        channel,
        talks.map(({ id }) => id),
      )
      for (const one of steps) {
        await world.run(one)
        await world.check()
      }
      await world.heal()
    })
    await fc.assert(property, { numRuns: 25 })
  },
  60_000,
)
