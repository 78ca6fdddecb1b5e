import type { Transaction } from '#db/client'
import type { Candidate } from '#db/queries/feed-recovery'
import { bringUpNext } from '#db/queries/note-recovery'
import type { Recovery } from '#db/queries/recoveries'
import {
  bringUpHeads,
  deferItems,
  type Fed,
  reopenRecovered,
  type Skip,
  skipBehind,
  skipItems,
} from '#db/queries/reopen-recovered'
import { decide } from '#lib/recovery/decide'

const LOOK_AGAIN_S = 5
const BLOCKED = 'Its conversation waits for a decision on another message that failed.'

/** Feeds, skips or puts off each item whose turn it is. Returns how many items are no longer waiting. */
export async function settleCandidates(
  tx: Transaction,
  recovery: Recovery,
  candidates: Candidate[],
): Promise<{ fed: number; skipped: number }> {
  const decided = candidates.map((candidate) => ({ candidate, decision: decide(candidate) }))
  const fed: Fed[] = []
  const skips: Skip[] = []
  const later: string[] = []
  const blocked: { deliveryId: string; headId: string }[] = []
  for (const { candidate, decision } of decided) {
    const { deliveryId } = candidate
    if (decision.kind === 'feed') fed.push(asFed(candidate, decision.headOf))
    else if (decision.kind === 'skip') skips.push({ deliveryId, note: decision.note })
    else if (decision.kind === 'blocked' && decision.headId) blocked.push({ deliveryId, headId: decision.headId })
    else later.push(deliveryId)
  }
  const stuck = await makeWay(tx, recovery.id, blocked, later)
  await reopenRecovered(tx, recovery, fed)
  await deferItems(tx, recovery.id, later, LOOK_AGAIN_S)
  const stopped = candidates.filter(({ deliveryId }) => stuck.includes(deliveryId))
  const behind = await skipBehind(tx, recovery.id, stopped, BLOCKED)
  await skipItems(tx, recovery.id, [...skips, ...stuck.map((deliveryId) => ({ deliveryId, note: BLOCKED }))])
  const left = new Set(skips.map(({ deliveryId }) => deliveryId))
  const talks = candidates.filter(({ deliveryId }) => left.has(deliveryId))
  await bringUpNext(
    tx,
    recovery.id,
    talks.map((one) => ({ conversation_id: one.conversationId, direction: one.direction })),
  )
  return { fed: fed.length, skipped: skips.length + stuck.length + behind }
}

function asFed(candidate: Candidate, headOf: number | null): Fed {
  const { deliveryId, channelId, conversationId, direction, status, attempts } = candidate
  const wasMissing = status === 'delivered'
  const was = status ?? 'failed'
  return { deliveryId, channelId, conversationId, direction, was, attempts, wasMissing, headOf }
}

/**
 * Where a message that failed holds the lane, it goes first if it is in the same recovery. Where it is not, a person has
 * to decide on it: returns those that are stuck so.
 */
async function makeWay(
  tx: Transaction,
  recoveryId: string,
  blocked: { deliveryId: string; headId: string }[],
  later: string[],
): Promise<string[]> {
  const moved = await bringUpHeads(
    tx,
    recoveryId,
    blocked.map(({ headId }) => headId),
  )
  const stuck = blocked.filter(({ headId }) => !moved.has(headId))
  later.push(...blocked.filter(({ headId }) => moved.has(headId)).map(({ deliveryId }) => deliveryId))
  return stuck.map(({ deliveryId }) => deliveryId)
}
