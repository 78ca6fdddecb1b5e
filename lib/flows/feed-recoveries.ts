import type { Database, Transaction } from '#db/client'
import { countSending, listCompanyRooms, listRooms, takeCandidates } from '#db/queries/feed-recovery'
import { addCounts, cancelWaiting, noteEnds, skipArchived } from '#db/queries/note-recovery'
import { listOpenRecoveryIds, lockRecovery, type Recovery, updateRecovery } from '#db/queries/recoveries'
import { analyzeItems, planByIndex, selectChunk } from '#db/queries/select-recovery'
import { recoveryFilter } from '#lib/flows/recovery-filter'
import { settleCandidates } from '#lib/flows/settle-candidates'
import { allowance } from '#lib/recovery/rate'
import { shareOut } from '#lib/recovery/share-out'

/** Recovered deliveries that wait for their first try at one time: half of what a worker has in flight is left to others. */
const MOST_SENDING = 25
const CHUNK = 20_000
const MOST_NOTED = 500
const MOST_CANCELLED = 20_000

/** `moved`: something was done, so there may be more at once. `waits`: something is left for later. */
export type Fed = { moved: boolean; waits: boolean }

/**
 * One step of every recovery that is open: looks up more of what its filter matches, notes how fed deliveries ended, and
 * feeds as many more as its rate and the room in the lanes allow. Each step is one transaction, so a crash loses
 * nothing; several may run at once, since each recovery is stepped by one at a time.
 */
export async function feedRecoveries(db: Database, now: Date): Promise<Fed> {
  const all: Fed = { moved: false, waits: false }
  for (const id of await listOpenRecoveryIds(db)) {
    const one = await db.transaction((tx) => stepRecovery(tx, id, now))
    all.moved ||= one.moved
    all.waits ||= one.waits
  }
  return all
}

const GAP_MS = 100

/** Feeds until nothing moves any more, with short pauses in which the workers take what was fed. */
export async function keepFeeding(db: Database, { now, isOver }: { now: () => Date; isOver: () => boolean }) {
  while (!isOver() && (await feedRecoveries(db, now())).moved) {
    await new Promise((resolve) => setTimeout(resolve, GAP_MS))
  }
}

async function stepRecovery(tx: Transaction, id: string, now: Date): Promise<Fed> {
  await planByIndex(tx)
  const recovery = await lockRecovery(tx, id, { skip: true })
  if (!recovery || recovery.endedAt) return { moved: false, waits: false }
  if (recovery.status === 'queueing') return lookUp(tx, recovery)
  const ended = await noteEnds(tx, id, MOST_NOTED)
  await addCounts(tx, id, ended)
  const fed = await moveWaiting(tx, recovery, now)
  const ending = await endIfOver(tx, id, now)
  return { moved: fed > 0 || (ended.sending ?? 0) < 0, waits: recovery.status === 'running' && !ending }
}

async function lookUp(tx: Transaction, recovery: Recovery): Promise<Fed> {
  const { id, cursor, total } = recovery
  const filter = recoveryFilter(recovery.filter)
  const chunk = await selectChunk(tx, { recoveryId: id, filter, cursor, limit: CHUNK })
  await updateRecovery(tx, id, {
    cursor: chunk.cursor,
    status: chunk.cursor === null ? 'running' : 'queueing',
    total: total + chunk.added,
    waiting: recovery.waiting + chunk.added,
  })
  if (chunk.cursor === null) await analyzeItems(tx)
  return { moved: true, waits: true }
}

/** Returns how many items were looked at: where there were any there may be more. */
async function moveWaiting(tx: Transaction, recovery: Recovery, now: Date): Promise<number> {
  const { id, status } = recovery
  if (status === 'cancelled') {
    const closed = await cancelWaiting(tx, id, MOST_CANCELLED)
    await addCounts(tx, id, { waiting: -closed, cancelled: closed })
    return closed
  }
  if (status !== 'running') return 0
  const archived = await skipArchived(tx, id)
  await addCounts(tx, id, { waiting: -archived, skipped: archived })
  return archived + (await feed(tx, recovery, now))
}

async function feed(tx: Transaction, recovery: Recovery, now: Date): Promise<number> {
  const rate = allowance({ perMinute: recovery.perMinute, tat: recovery.tat, now })
  const most = Math.min(rate.most, MOST_SENDING - (await countSending(tx)))
  if (most <= 0) return 0
  const targets = await listRooms(tx, recovery.id)
  const companyIds = new Set(targets.flatMap(({ companyId }) => (companyId === null ? [] : [companyId])))
  const companies = await listCompanyRooms(tx, [...companyIds])
  const shares = shareOut({ targets, most, companies })
  if (shares.length === 0) return 0
  const candidates = await takeCandidates(tx, recovery.id, shares)
  const { fed, skipped } = await settleCandidates(tx, recovery, candidates)
  await addCounts(tx, recovery.id, { waiting: -fed - skipped, sending: fed, skipped })
  await updateRecovery(tx, recovery.id, { fedAt: now, ...(fed > 0 ? { tat: rate.tatAfter(fed) } : {}) })
  return candidates.length
}

async function endIfOver(tx: Transaction, id: string, now: Date): Promise<boolean> {
  const recovery = await lockRecovery(tx, id, { skip: false })
  if (!recovery || recovery.waiting > 0 || recovery.sending > 0) return false
  await updateRecovery(tx, id, { endedAt: now, status: recovery.status === 'cancelled' ? 'cancelled' : 'done' })
  return true
}
