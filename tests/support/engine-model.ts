import type { Claim } from '#db/queries/lanes'

export type ModelDelivery = {
  id: string
  lane: string
  status: 'pending' | 'retrying' | 'delivered' | 'failed' | 'discarded'
  /** A person asked for the next attempt. */
  requested: boolean
}

export type ModelLane = {
  key: string
  /** Waiting deliveries in their order, the head first. */
  queue: string[]
  /** Due: may be claimed. Waiting: due by time. Leased: with a worker. Expired: with one that died. Blocked: for a person. */
  state: 'empty' | 'due' | 'waiting' | 'leased' | 'expired' | 'blocked'
  claim: Claim | null
  /** What reached the other side, in this order. */
  sent: string[]
}

/** What the engine is meant to do, in a few lines: lanes as arrays, one thing at a time. */
export class EngineModel {
  readonly lanes = new Map<string, ModelLane>()
  readonly deliveries = new Map<string, ModelDelivery>()
  held = false

  lane(key: string): ModelLane {
    const known = this.lanes.get(key)
    if (known) return known
    const lane: ModelLane = { key, queue: [], state: 'empty', claim: null, sent: [] }
    this.lanes.set(key, lane)
    return lane
  }

  enqueue(key: string, id: string): void {
    this.deliveries.set(id, { id, lane: key, status: 'pending', requested: false })
    this.append(this.lane(key), id)
  }

  append(lane: ModelLane, id: string): void {
    lane.queue.push(id)
    if (lane.state === 'empty') lane.state = 'due'
  }

  /** The lanes whose heads a claim has to bring, when nothing limits it. */
  claimable(): ModelLane[] {
    if (this.held) return []
    return [...this.lanes.values()].filter(({ state }) => state === 'due' || state === 'expired')
  }

  advance(lane: ModelLane): void {
    lane.queue.shift()
    lane.claim = null
    lane.state = lane.queue.length > 0 ? 'due' : 'empty'
  }

  passTime(): void {
    for (const lane of this.lanes.values()) {
      if (lane.state === 'waiting') lane.state = 'due'
      if (lane.state === 'leased') lane.state = 'expired'
    }
  }

  /** Why a person's retry is refused; null when it is taken. */
  refusesRetry(delivery: ModelDelivery): string | null {
    const lane = this.lane(delivery.lane)
    const place = lane.queue.indexOf(delivery.id)
    if (place < 0) return delivery.status === 'delivered' ? 'delivered' : null
    // The lane as a whole is with a worker, also for those behind its head.
    if (lane.state === 'leased') return 'in flight'
    if (delivery.status === 'discarded') return null
    if (this.held) return 'held'
    if (place > 0) return 'not the head'
    if (delivery.requested) return 'asked already'
    return lane.state === 'due' || lane.state === 'expired' ? 'due anyway' : null
  }

  retry(delivery: ModelDelivery): void {
    const lane = this.lane(delivery.lane)
    const wasDiscarded = delivery.status === 'discarded'
    if (!lane.queue.includes(delivery.id)) {
      delivery.status = 'pending'
      delivery.requested = true
      this.append(lane, delivery.id)
      return
    }
    if (wasDiscarded || delivery.status === 'failed') delivery.status = 'pending'
    delivery.requested = true
    if (!wasDiscarded) lane.state = 'due'
  }

  refusesDiscard(delivery: ModelDelivery): boolean {
    const lane = this.lane(delivery.lane)
    const inFlight = lane.queue.includes(delivery.id) && lane.state === 'leased'
    return inFlight || delivery.status === 'discarded' || delivery.status === 'delivered'
  }

  discard(delivery: ModelDelivery): void {
    const lane = this.lane(delivery.lane)
    delivery.status = 'discarded'
    delivery.requested = false
    if (lane.queue[0] === delivery.id) this.advance(lane)
  }
}
