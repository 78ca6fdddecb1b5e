import type { Database } from '#db/client'
import { findAlertDestination } from '#db/queries/alert-destinations'
import { loadAlertFacts } from '#db/queries/alert-facts'
import { alertLane, discardAlerts, enqueueAlert } from '#db/queries/alerts'
import { recordAuditEvent } from '#db/queries/audit-events'
import { listChannels } from '#db/queries/channels'
import { buildTestEvent } from '#lib/alerts/build-event'
import { AppError } from '#lib/errors'

type Test = { destinationId: string; actor: string; publicUrl: string; now: Date }

/**
 * Sends a destination a test alert: a delivery like any other, tried once. Quiet time does not hold it, nor that the
 * destination is switched off. Wake the workers after it.
 * @returns the delivery's id
 * @throws AppError `not_found`, or `conflict` when there is no channel that an alert could be about
 */
export async function sendTestAlert(
  db: Database,
  { destinationId, actor, publicUrl, now }: Test,
): Promise<{ id: string }> {
  return db.transaction(async (tx) => {
    const destination = await findAlertDestination(tx, destinationId)
    if (!destination) throw new AppError('not_found', 'This destination was removed.')
    const channels = await listChannels(tx)
    const about = channels.find(({ id }) => destination.channelIds?.includes(id) ?? true)
    const facts = about && (await loadAlertFacts(tx, [about.id])).get(about.id)
    if (!facts) throw new AppError('conflict', 'An alert is about a channel, and there is none yet. Connect one first.')
    const channelId = facts.channel.id
    const lane = await alertLane(tx, { destinationId, channelId, isTest: true })
    // Only the newest test says how things are.
    const superseded = { destinationId, by: actor, reason: 'A newer test was sent.', now, onlyTests: true }
    await discardAlerts(tx, superseded)
    const event = buildTestEvent({ facts, publicUrl, now })
    const id = await enqueueAlert(tx, lane, { destinationId, channelId, event, createdBy: actor })
    await recordAuditEvent(tx, { actor, action: 'alert_destination.test', channelId, subjectId: destinationId })
    return { id }
  })
}
