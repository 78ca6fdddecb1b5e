import type { Database, Transaction } from '#db/client'
import { type ListedAlertDestination, listAlertDestinations } from '#db/queries/alert-destinations'
import {
  type AlertStateRow,
  deleteAlertStates,
  listAlertStates,
  saveAlertStates,
  takeWatch,
} from '#db/queries/alert-states'
import { type ChannelTrouble, readTrouble } from '#db/queries/alert-trouble'
import { ALERT_KINDS, type AlertKind } from '#db/schema/alerts'
import { isQuiet } from '#lib/alerts/quiet-time'
import { isSameState, nextTransition, type Transition } from '#lib/alerts/transition'
import { type Telling, tellDestinations } from '#lib/flows/tell-destinations'

const MINUTE_MS = 60_000
/** Messages that never appeared in Front are counted over a day. */
const MISSING_WINDOW_MS = 24 * 60 * MINUTE_MS

type Watch = { publicUrl: string; now: Date }

/**
 * Looks how channels are doing and tells destinations what has changed for them. What they know and what they are told
 * change in one transaction, and one process watches at a time: a crash or a second watcher neither loses an alert nor
 * doubles one.
 * @returns how many alerts were put on their way; wake the workers when there are any
 */
export async function watchChannels(db: Database, watch: Watch): Promise<number> {
  // Most installations at most times: nobody wants to know anything.
  const destinations = await listAlertDestinations(db, { enabledOnly: true })
  if (destinations.length === 0) return 0
  return db.transaction((tx) => watchOnce(tx, destinations, watch))
}

async function watchOnce(tx: Transaction, destinations: ListedAlertDestination[], watch: Watch): Promise<number> {
  if (!(await takeWatch(tx))) return 0
  const states = await listAlertStates(tx)
  const least = (of: 'failuresInARow' | 'backlogMinutes') => Math.min(...destinations.map((one) => one[of]))
  const troubles = await readTrouble(tx, {
    failures: least('failuresInARow'),
    waitingBefore: new Date(watch.now.getTime() - least('backlogMinutes') * MINUTE_MS),
    missingSince: new Date(watch.now.getTime() - MISSING_WINDOW_MS),
  })
  const looks = destinations.flatMap((destination) => lookFor(destination, { states, troubles, now: watch.now }))
  await deleteAlertStates(
    tx,
    looks.flatMap(({ place, known, next }) => (known && !next.state ? [place] : [])),
  )
  await saveAlertStates(
    tx,
    looks.flatMap(({ place, next }) => (next.state ? [{ ...place, ...next.state }] : [])),
  )
  const tellings = looks.flatMap(({ next: { tell }, ...look }) => (tell ? [{ ...look, ...look.place, ...tell }] : []))
  await tellDestinations(tx, tellings, watch)
  return tellings.length
}

type Look = Pick<Telling, 'destination' | 'trouble'> & {
  place: Pick<AlertStateRow, 'destinationId' | 'channelId' | 'kind'>
  known: AlertStateRow | null
  next: Transition
}

type Seen = { states: AlertStateRow[]; troubles: Map<string, ChannelTrouble>; now: Date }

/** Every channel and kind of trouble that a destination knows or should know, as far as something changes. */
function lookFor(destination: ListedAlertDestination, { states, troubles, now }: Seen): Look[] {
  const { id, calmMinutes, quietFrom, quietTo, quietZone } = destination
  const mine = states.filter(({ destinationId }) => destinationId === id)
  const channelIds = new Set([...mine.map(({ channelId }) => channelId), ...troubles.keys()])
  const quiet = quietFrom && quietTo && quietZone ? { from: quietFrom, to: quietTo, zone: quietZone } : null
  const isNowQuiet = isQuiet(quiet, now)
  return [...channelIds].sort().flatMap((channelId) =>
    ALERT_KINDS.flatMap((kind) => {
      const known = mine.find((state) => state.channelId === channelId && state.kind === kind) ?? null
      const trouble = troubles.get(channelId) ?? null
      const isWatched = wants(destination, { channelId, kind })
      const look = {
        state: known,
        troubleSince: trouble && troubleSince(kind, { trouble, destination, isTold: Boolean(known?.toldAt), now }),
        isQuiet: isNowQuiet,
        calmMs: calmMinutes * MINUTE_MS,
        now,
      }
      // What it no longer wants to know it forgets without a word.
      const next = isWatched ? nextTransition(look) : { state: null, tell: null }
      const place = { destinationId: id, channelId, kind }
      return isSameState(known, next.state) ? [] : [{ destination, trouble, place, known, next }]
    }),
  )
}

function wants({ alerts, channelIds }: ListedAlertDestination, place: { channelId: string; kind: AlertKind }): boolean {
  return alerts.includes(place.kind) && (channelIds === null || channelIds.includes(place.channelId))
}

type Judged = { trouble: ChannelTrouble; destination: ListedAlertDestination; isTold: boolean; now: Date }

/** Since when there is trouble by a destination's thresholds, as far as is known; null when there is none. */
function troubleSince(kind: AlertKind, { trouble, destination, isTold, now }: Judged): Date | null {
  const { failing, offlineSince, oldestWaitingAt, missing } = trouble
  switch (kind) {
    case 'failing':
      if (failing?.breakerSince) return failing.breakerSince
      return failing && failing.failures >= destination.failuresInARow ? now : null
    case 'offline':
      return offlineSince
    case 'backlog': {
      const waited = oldestWaitingAt && now.getTime() - oldestWaitingAt.getTime()
      return waited !== null && waited >= destination.backlogMinutes * MINUTE_MS ? oldestWaitingAt : null
    }
    case 'confirmations':
      // Once told it is over when none is missing, which its end says.
      return missing >= (isTold ? 1 : destination.missingCount) ? now : null
  }
}
