import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { type Claim, claimDeliveries, extendLeases } from '#db/queries/lanes'
import { type Settlement, settleDeliveries } from '#db/queries/settle'
import { settleBarely } from '#lib/delivery/settlement'
import { log } from '#lib/log'

export type PumpOptions = {
  db: Database
  /** Carries claimed deliveries; one settlement for each claim, in their order, however it ends. Never throws. */
  carry: (claims: Claim[]) => Promise<Settlement>[]
  /** Deliveries in flight at once; keep it below the pool's size times what one query costs. */
  concurrency: number
  /** A worker that dies gives its deliveries back after this long. Renewed while it lives. */
  leaseMs: number
  /** Wait after a database error, in milliseconds. */
  pauseMs?: number
}

export type Pump = {
  /** Looks for due deliveries now; cheap when there are none. */
  wake: () => void
  /** Resolves when nothing is due and nothing is in flight. */
  idle: () => Promise<void>
  /** Claims nothing more; resolves when all that is in flight has been settled. */
  stop: () => Promise<void>
}

/** Under load one claim takes what several commits brought; nobody notices so short a wait. */
const CLAIM_GAP_MS = 4

type Ended = { claim: Claim; settlement: Settlement }

/**
 * Keeps up to `concurrency` deliveries in flight: claim what is due, carry it, settle what has ended in one statement.
 * One pass at a time, so settlements batch by themselves under load and go out at once when it is quiet.
 */
export function createPump({ db, carry, concurrency, leaseMs, pauseMs = 1000 }: PumpOptions): Pump {
  const token = newId()
  let ended: Ended[] = []
  /** What this worker knows it has: the lease of anything else must end, or nobody would ever take it up again. */
  const held = new Set<Claim>()
  let mayBeDue = false
  let claimedAt = 0
  let stopped = false
  let running: Promise<void> | null = null
  let nudge = () => {}

  async function run(): Promise<void> {
    const heartbeat = setInterval(() => {
      const laneIds = [...held].map((claim) => claim.laneId)
      extendLeases(db, { token, laneIds, leaseMs }).catch((error) => log('warn', 'lease.renewal_failed', { error }))
    }, leaseMs / 3)
    try {
      while (await step()) await pause()
    } finally {
      clearInterval(heartbeat)
      running = null
      // A wake that came between the last step and now would otherwise be forgotten.
      if (mayBeDue && !stopped) start()
    }
  }

  /** One settle and one claim. False when there is nothing left to wait for. */
  async function step(): Promise<boolean> {
    try {
      await settleEnded()
      if (!stopped && mayBeDue && held.size < concurrency) await claimMore(concurrency - held.size)
    } catch (error) {
      log('error', 'pump.database_failed', { error })
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      mayBeDue = true
    }
    return held.size > 0 || ended.length > 0 || (mayBeDue && !stopped)
  }

  async function settleEnded(): Promise<void> {
    const batch = ended
    if (batch.length === 0) return
    ended = []
    try {
      await write(batch.map(({ settlement }) => settlement))
    } catch (error) {
      ended = [...batch, ...ended]
      throw error
    }
    for (const { claim } of batch) held.delete(claim)
    mayBeDue = true
  }

  /** Settles. What Postgres refuses must neither take its neighbours along nor be sent again and again. */
  async function write(batch: Settlement[]): Promise<void> {
    try {
      const settled = await settleDeliveries(db, batch)
      if (settled.length < batch.length) log('warn', 'pump.lease_lost', { count: batch.length - settled.length })
    } catch (error) {
      if (!isRefusedStatement(error)) throw error
      for (const one of batch) await (batch.length > 1 ? write([one]) : writeBarely(one, error))
    }
  }

  async function writeBarely(settlement: Settlement, refusal: unknown): Promise<void> {
    log('error', 'pump.settlement_refused', { error: refusal, delivery: settlement.delivery_id })
    await settleDeliveries(db, [settleBarely(settlement)]).catch((error) => {
      // Left to the end of its lease, since even what we wrote ourselves cannot be stored.
      if (!isRefusedStatement(error)) throw error
      log('error', 'pump.settlement_given_up', { error, delivery: settlement.delivery_id })
    })
  }

  async function claimMore(batch: number): Promise<void> {
    const rest = claimedAt + CLAIM_GAP_MS - performance.now()
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
    if (stopped) return
    claimedAt = performance.now()
    mayBeDue = false
    const claims = await claimDeliveries(db, { token, batch, leaseMs })
    if (claims.length === batch) mayBeDue = true
    for (const claim of claims) held.add(claim)
    const carried = claims.length > 0 ? carry(claims) : []
    for (const [index, claim] of claims.entries()) {
      void carried[index]?.then((settlement) => {
        ended.push({ claim, settlement })
        nudge()
      })
    }
  }

  /** Waits for a delivery to end or a wake, unless there is something to do already. */
  function pause(): Promise<void> {
    if (ended.length > 0 || (mayBeDue && !stopped && held.size < concurrency)) return Promise.resolve()
    return new Promise((resolve) => {
      nudge = resolve
    })
  }

  function start(): void {
    running ??= run()
  }

  return {
    wake: () => {
      if (stopped) return
      mayBeDue = true
      nudge()
      start()
    },
    idle: async () => {
      while (running) await running
    },
    stop: async () => {
      stopped = true
      nudge()
      while (running) await running
    },
  }
}

/** Postgres understood the statement and refused it, unlike a lost connection: trying again would not help. */
function isRefusedStatement(error: unknown): boolean {
  const code =
    (error as { code?: unknown; cause?: { code?: unknown } })?.cause?.code ?? (error as { code?: unknown })?.code
  return typeof code === 'string' && /^(22|23|42|54)/.test(code)
}
