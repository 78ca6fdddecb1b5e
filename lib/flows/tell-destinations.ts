import type { Transaction } from '#db/client'
import type { ListedAlertDestination } from '#db/queries/alert-destinations'
import { findErrorClass, loadAlertFacts } from '#db/queries/alert-facts'
import { lockLanes } from '#db/queries/alert-states'
import type { ChannelTrouble } from '#db/queries/alert-trouble'
import { alertLane, enqueueAlert } from '#db/queries/alerts'
import type { AlertKind } from '#db/schema/alerts'
import { buildAlertEvent } from '#lib/alerts/build-event'

export type Telling = {
  destination: ListedAlertDestination
  channelId: string
  kind: AlertKind
  phase: 'began' | 'over'
  beganAt: Date
  heldBack: boolean
  /** How the channel is doing; null when nothing is wrong. */
  trouble: ChannelTrouble | null
}

/** Puts what destinations are told in their lanes, with everything the alert says, in the caller's transaction. */
export async function tellDestinations(
  tx: Transaction,
  tellings: Telling[],
  { publicUrl, now }: { publicUrl: string; now: Date },
): Promise<void> {
  if (tellings.length === 0) return
  const facts = await loadAlertFacts(tx, [...new Set(tellings.map(({ channelId }) => channelId))])
  const placed: { telling: Telling; lane: string }[] = []
  for (const telling of tellings) {
    const place = { destinationId: telling.destination.id, channelId: telling.channelId, isTest: false }
    placed.push({ telling, lane: await alertLane(tx, place) })
  }
  await lockLanes(
    tx,
    placed.map(({ lane }) => lane),
  )
  for (const { telling, lane } of placed) {
    const { channelId, destination, kind, phase, beganAt, heldBack, trouble } = telling
    const ofChannel = facts.get(channelId)
    if (!ofChannel) continue
    const direction = kind === 'failing' && phase === 'began' ? (trouble?.failing?.direction ?? null) : null
    const event = buildAlertEvent({
      ...{ kind, phase, beganAt, heldBack, facts: ofChannel, direction, publicUrl, now },
      errorClass: direction && (await findErrorClass(tx, { channelId, direction })),
      missing: trouble?.missing ?? 0,
      backlogMinutes: destination.backlogMinutes,
    })
    await enqueueAlert(tx, lane, { destinationId: destination.id, channelId, event, createdBy: null })
  }
}
