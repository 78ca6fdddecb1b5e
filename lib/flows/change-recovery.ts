import type { Database, Transaction } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { lockRecovery, type Recovery, updateRecovery } from '#db/queries/recoveries'
import { AppError } from '#lib/errors'

type Change = { recoveryId: string; actor: string }

/** Feeds nothing more until it is resumed. What has been fed goes on. */
export async function pauseRecovery(db: Database, change: Change): Promise<void> {
  await changeRecovery(db, change, 'recovery.pause', async (tx, { id, status }) => {
    if (status === 'paused') throw new AppError('conflict', 'It is paused already.')
    if (status === 'queueing') throw new AppError('conflict', 'It is still looking up what to send. Try again shortly.')
    await updateRecovery(tx, id, { status: 'paused', stoppedBy: change.actor })
  })
}

export async function resumeRecovery(db: Database, change: Change): Promise<void> {
  await changeRecovery(db, change, 'recovery.resume', async (tx, { id, status }) => {
    if (status !== 'paused') throw new AppError('conflict', 'It is not paused.')
    await updateRecovery(tx, id, { status: 'running', stoppedBy: null })
  })
}

/** Ends it: what has not been fed stays as it was, what has been fed goes on by itself. */
export async function cancelRecovery(db: Database, change: Change): Promise<void> {
  await changeRecovery(db, change, 'recovery.cancel', async (tx, { id }) => {
    await updateRecovery(tx, id, { status: 'cancelled', stoppedBy: change.actor })
  })
}

/** @throws AppError `not_found`, or `conflict` with a sentence that says why not */
async function changeRecovery(
  db: Database,
  { recoveryId, actor }: Change,
  action: string,
  work: (tx: Transaction, recovery: Recovery) => Promise<void>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const recovery = await lockRecovery(tx, recoveryId, { skip: false })
    if (!recovery) throw new AppError('not_found', 'There is no such recovery.')
    const { status, waiting, sending } = recovery
    if (status === 'done' || status === 'cancelled') throw new AppError('conflict', 'It has ended already.')
    await work(tx, recovery)
    const details = { waiting, sending }
    await recordAuditEvent(tx, { actor, action, subjectId: recoveryId, details })
  })
}
