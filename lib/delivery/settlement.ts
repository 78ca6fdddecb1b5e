import { newId } from '#db/ids'
import type { Claim } from '#db/queries/lanes'
import type { AttemptRow, SettledStatus, Settlement } from '#db/queries/settle'
import { DEFAULT_RETRY_DELAYS_S } from '#db/schema/channels'
import { isTestAlert } from '#lib/alerts/event'
import type { AnyWork } from '#lib/delivery/carry'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { type ErrorClass, isTargetFault } from '#lib/delivery/error-classes'
import type { Judgement } from '#lib/delivery/outcome'
import { MAX_ASKED_WAIT_MS, nextWaitMs } from '#lib/delivery/schedule'
import { tellFront } from '#lib/delivery/tell-front'
import { storableText } from '#lib/http/storable'

/** How one try went, before it is known whether there will be another one. */
export type Tried = {
  judgement: Judgement
  row: AttemptRow
  /** What the other side asked us to wait, in milliseconds. */
  askedMs: number | null
  /** Who else has to wait: the channel's target or the whole Front company. */
  hold: Settlement['hold']
  learned: Partial<Learned>
  /** Calls a minute that Front's company has, and how many are left, where the answer told it. */
  quota?: { limit: number; left: number } | null
  /** What Front answered to a report. */
  result?: unknown
}

/** Ids that the answer told. */
type Learned = Pick<
  Settlement,
  'message_uid' | 'front_message_id' | 'front_conversation_id' | 'external_id' | 'provider_key'
>

const NOTHING_LEARNED: Learned = {
  message_uid: null,
  front_message_id: null,
  front_conversation_id: null,
  external_id: null,
  provider_key: null,
}

/** Turns a try into what is written down: delivered, another try and when, or failed and whether the lane moves on. */
export function settle({ random }: DeliveryDeps, work: AnyWork, tried: Tried): Settlement {
  const { claim, cargo, route } = work
  const { judgement, row, askedMs } = tried
  const isReport = 'report' in cargo
  const isAlert = claim.direction === 'alert'
  const answerLost = judgement.answerLost && claim.direction === 'inbound'
  const retryMs =
    judgement.verdict === 'try_again'
      ? nextWaitMs({ delaysS: delaysOf(work), attempt: claim.attempt, askedMs, answerLost, random })
      : null
  const status = judgement.verdict === 'delivered' ? 'delivered' : retryMs === null ? 'failed' : 'retrying'
  return {
    ...settleUntried(claim, { status, retryMs }),
    // A report that Front does not take holds back nothing that comes after it.
    advance: status === 'delivered' || (status === 'failed' && (isReport || route.channel.failedHead === 'move_on')),
    answer_lost: answerLost,
    // A comment on a conversation that is gone says nothing of Front.
    target_fault:
      isTargetFault(judgement.errorClass) && !isAlert && !(isReport && judgement.errorClass === 'not_found'),
    // An alert says as little as a test of how its channel is doing: its own failing must never become an alert.
    is_test: isAlert || (!isReport && cargo.message.isTest),
    hold: askedMs === null ? null : tried.hold,
    // A pause that nobody can have meant must not stop a channel for days.
    hold_ms: askedMs === null ? null : Math.min(askedMs, MAX_ASKED_WAIT_MS),
    hold_reason: askedMs === null ? null : row.error,
    try: { ...row, requested_by: cargo.delivery.requestedBy },
    report: isReport ? null : tellFront({ cargo, route, status, row }),
    result: tried.result ?? null,
    calls_limit: tried.quota?.limit ?? null,
    calls_left: tried.quota?.left ?? null,
    ...usableIds(tried.learned),
  }
}

/** Waits between the attempts of a delivery. A test of alerts shows at once how it went. */
export function delaysOf({ claim, cargo, route }: AnyWork): readonly number[] {
  if (claim.direction !== 'alert') return route.channel.retryDelaysS
  return 'report' in cargo && isTestAlert(cargo.report.payload) ? [] : DEFAULT_RETRY_DELAYS_S
}

const LONGEST_ID = 500

/** Ids as they can be stored and found again: one that cannot is as good as none. */
function usableIds(learned: Partial<Learned>): Partial<Learned> {
  const usable = (id: unknown) => typeof id === 'string' && id.length <= LONGEST_ID && storableText(id) === id
  return Object.fromEntries(Object.entries(learned).map(([name, id]) => [name, usable(id) ? id : null]))
}

/** The settlement of a claim that was not tried. `skipped` steps over it, `deferred` hands it back. */
export function settleUntried(
  claim: Claim,
  { status, retryMs = null }: { status: SettledStatus; retryMs?: number | null },
): Settlement {
  return {
    lane_id: claim.laneId,
    token: claim.token,
    seq: claim.seq,
    attempt: claim.attempt,
    delivery_id: claim.deliveryId,
    channel_id: claim.channelId,
    direction: claim.direction,
    status,
    advance: status === 'skipped',
    retry_ms: retryMs,
    answer_lost: false,
    target_fault: false,
    is_test: false,
    hold: null,
    hold_ms: null,
    hold_reason: null,
    try: null,
    report: null,
    result: null,
    calls_limit: null,
    calls_left: null,
    ...NOTHING_LEARNED,
  }
}

/** The same settlement with nothing in it that the other side wrote: for one that Postgres refused as it was. */
export function settleBarely(settlement: Settlement): Settlement {
  const { try: row, status } = settlement
  const error = status === 'delivered' ? null : 'What came back could not be stored, so it is not shown here.'
  return {
    ...settlement,
    ...NOTHING_LEARNED,
    hold_ms: null,
    hold: null,
    hold_reason: null,
    try: row && {
      ...row,
      request_headers: null,
      request_body: null,
      response_headers: null,
      response_body: null,
      error,
    },
  }
}

/** A try that ended before anything left this machine. */
export function untried(errorClass: ErrorClass, verdict: 'try_again' | 'give_up', error: string, now: Date): Tried {
  return {
    judgement: { verdict, errorClass, answerLost: false },
    row: { ...emptyRow(now), error_class: errorClass, error },
    askedMs: null,
    hold: null,
    learned: {},
  }
}

export function noApiToken(now: Date): Tried {
  const error = 'No API token of Front is set, so nothing can be sent to Front. Add one in the settings.'
  return untried('no_api_token', 'try_again', error, now)
}

export function emptyRow(startedAt: Date): AttemptRow {
  return {
    id: newId(),
    requested_by: null,
    started_at: startedAt.toISOString(),
    duration_ms: 0,
    method: null,
    url: null,
    format: null,
    as_was: false,
    ip: null,
    request_headers: null,
    request_body: null,
    response_status: null,
    response_headers: null,
    response_body: null,
    response_bytes: null,
    error_class: null,
    error: null,
  }
}

/** A text of the other side, as much of it as is kept. */
export function clip(text: string, length: number): string {
  return storableText(text.slice(0, length))
}
