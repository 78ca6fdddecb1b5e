import type { Candidate } from '#db/queries/feed-recovery'

/** What becomes of an item whose turn it is. `blocked`: its conversation waits for a decision on another message. */
export type Decision =
  | { kind: 'feed'; headOf: number | null }
  | { kind: 'skip'; note: string }
  | { kind: 'defer' }
  | { kind: 'blocked'; headId: string | null }

/** Only what still has failed is sent, and only into a lane in which nothing else waits: fresh messages go first. */
export function decide(candidate: Candidate): Decision {
  const { status, frontState, taken, lane } = candidate
  if (taken) return { kind: 'defer' }
  if (status === null) return { kind: 'skip', note: 'Its log is not kept any more.' }
  if (status === 'discarded') return { kind: 'skip', note: 'A person discarded it meanwhile.' }
  if (status === 'pending' || status === 'retrying') return { kind: 'skip', note: 'A person retried it meanwhile.' }
  if (status === 'delivered' && frontState !== 'missing') return { kind: 'skip', note: 'It has arrived meanwhile.' }
  if (!lane || lane.empty) return { kind: 'feed', headOf: null }
  if (lane.headId === candidate.deliveryId) return { kind: 'feed', headOf: lane.id }
  return lane.blocked ? { kind: 'blocked', headId: lane.headId } : { kind: 'defer' }
}
