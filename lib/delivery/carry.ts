import { markDiscarded } from '#db/queries/decide-delivery'
import { type Cargo, loadCargo, loadReports, loadRoutes, type ReportCargo, type Route } from '#db/queries/deliveries'
import { type Claim, isQueued } from '#db/queries/lanes'
import type { Settlement } from '#db/queries/settle'
import { type Alert, deliverAlert, loadAlert } from '#lib/delivery/alert'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { deliverReport } from '#lib/delivery/report'
import { delaysOf, settle, settleUntried, type Tried, untried } from '#lib/delivery/settlement'
import { deliverToFront } from '#lib/delivery/to-front'
import { deliverToProvider } from '#lib/delivery/to-provider'
import { log } from '#lib/log'

/** Everything one delivery needs, loaded. */
export type Work = { claim: Claim; cargo: Cargo; route: Route }
export type ReportWork = { claim: Claim; cargo: ReportCargo; route: Route }
export type AnyWork = { claim: Claim; cargo: Cargo | ReportCargo; route: Route }

/** Waits before a delivery that could not even be loaded is claimed again. */
const RELOAD_WAIT_MS = 2000

/** Until a reply looks again whether the one before it, which waits in another lane, has gone. */
const TURN_WAIT_MS = 3000

/** Carries claimed deliveries side by side; each promise ends with what is to be written down, and never rejects. */
export function carryClaims(deps: DeliveryDeps, claims: Claim[]): Promise<Settlement>[] {
  const loading = loadAll(deps, claims)
  return claims.map(async (claim) => {
    try {
      const { cargo, routes } = await loading
      return await carryOne(deps, claim, cargo.get(claim.deliveryId), routes.get(claim.channelId))
    } catch (error) {
      log('error', 'delivery.not_carried', { error, delivery: claim.deliveryId })
      return settleUntried(claim, { status: 'deferred', retryMs: RELOAD_WAIT_MS })
    }
  })
}

async function loadAll({ db }: DeliveryDeps, claims: Claim[]) {
  const areReports = (direction: Claim['direction']) => direction === 'report' || direction === 'alert'
  const idsOf = (ofReports: boolean) =>
    claims.flatMap(({ direction, deliveryId }) => (areReports(direction) === ofReports ? [deliveryId] : []))
  const [messages, reports, routes] = await Promise.all([
    loadCargo(db, idsOf(false)),
    loadReports(db, idsOf(true)),
    loadRoutes(db, [...new Set(claims.map((claim) => claim.channelId))]),
  ])
  const all: (Cargo | ReportCargo)[] = [...messages, ...reports]
  return { cargo: new Map(all.map((one) => [one.delivery.id, one])), routes }
}

async function carryOne(
  deps: DeliveryDeps,
  claim: Claim,
  cargo?: Cargo | ReportCargo,
  route?: Route,
): Promise<Settlement> {
  // One that was discarded waits as well: those behind it know of this turn and of none before.
  const afterId = cargo?.delivery.afterId
  if (afterId && (await isQueued(deps.db, afterId))) {
    return settleUntried(claim, { status: 'deferred', retryMs: TURN_WAIT_MS })
  }
  // A person discarded it while it waited, or its log was removed: the lane steps over it.
  if (!cargo || !route || cargo.delivery.status === 'discarded') return settleUntried(claim, { status: 'skipped' })
  const work = { claim, cargo, route }
  const alert = claim.direction === 'alert' && 'report' in cargo ? await loadAlert(deps.db, cargo) : null
  if (typeof alert === 'string') {
    // It was given up with its destination: that is no failure which waits for a person.
    await markDiscarded(deps.db, { ids: [claim.deliveryId], by: 'worker', reason: alert, now: deps.now() })
    return settleUntried(claim, { status: 'skipped' })
  }
  if (hasEndedWorkers(work)) return settle(deps, work, untried('worker_lost', 'give_up', ENDS_WORKERS, deps.now()))
  return settle(deps, work, await tryOnce(deps, work, alert))
}

const ENDS_WORKERS =
  'Patchbay was stopped in the middle of every attempt at this message, so it may be what stops it. It is not tried again ' +
  'by itself.'

/** Whether the whole schedule went by in tries that nobody lived to write down: one message must not end every worker. */
function hasEndedWorkers(work: AnyWork): boolean {
  return work.claim.recovered && work.claim.attempt > delaysOf(work).length + 1
}

async function tryOnce(deps: DeliveryDeps, { claim, cargo, route }: AnyWork, alert: Alert | null): Promise<Tried> {
  try {
    // About the channel, not through it.
    if (alert) return await deliverAlert(deps, alert)
    if (route.channel.archivedAt) {
      return untried(
        'channel_archived',
        'give_up',
        'The channel was archived, so nothing is sent through it any more.',
        deps.now(),
      )
    }
    if ('report' in cargo) return await deliverReport(deps, { claim, cargo, route })
    const work = { claim, cargo, route }
    return claim.direction === 'inbound' ? await deliverToFront(deps, work) : await deliverToProvider(deps, work)
  } catch (error) {
    log('error', 'delivery.internal_error', { error, delivery: claim.deliveryId })
    return untried(
      'internal',
      'try_again',
      'Patchbay itself failed before it could send. Its log says more.',
      deps.now(),
    )
  }
}
