import type { Db } from '#db/client'
import { runPrepared } from '#db/prepared'
import type { ProviderFormat } from '#db/schema/channels'
import type { ReportKind } from '#db/schema/reports'
import type { LaneDirection } from '#db/schema/targets'

/** What became of a claimed head. `skipped`: a person had discarded it. `deferred`: handed back untried. */
export type SettledStatus = 'delivered' | 'retrying' | 'failed' | 'skipped' | 'deferred'

export type AttemptRow = {
  id: string
  requested_by: string | null
  started_at: string
  duration_ms: number
  method: string | null
  url: string | null
  /** Of a reply's body. */
  format: ProviderFormat | null
  /** Sent as an earlier attempt was. */
  as_was: boolean
  ip: string | null
  request_headers: Record<string, string> | null
  request_body: string | null
  response_status: number | null
  response_headers: Record<string, string> | null
  response_body: string | null
  response_bytes: number | null
  error_class: string | null
  error: string | null
}

/** One settlement: snake_case, because it travels to Postgres as JSON. */
export type Settlement = {
  lane_id: number
  token: string
  seq: number
  attempt: number
  delivery_id: string
  channel_id: string
  direction: LaneDirection
  status: SettledStatus
  /** The lane moves on to the next delivery. */
  advance: boolean
  retry_ms: number | null
  answer_lost: boolean
  /** The attempt failed for a reason that lies with the target and not with this message. */
  target_fault: boolean
  is_test: boolean
  /** The other side asked for a pause: of the channel's target or of the whole Front company. */
  hold: 'target' | 'company' | null
  hold_ms: number | null
  hold_reason: string | null
  /** Null when nothing was tried. */
  try: AttemptRow | null
  message_uid: string | null
  front_message_id: string | null
  front_conversation_id: string | null
  external_id: string | null
  provider_key: string | null
  /** The quota of Front's company, calls a minute and how many are left, where the answer told it. */
  calls_limit: number | null
  calls_left: number | null
  /** What Front is to be told of this outcome; it waits in the conversation's lane for reports. */
  report: { id: string; kind: ReportKind; payload: unknown } | null
  /** What Front answered to a report. */
  result: unknown
}

/**
 * Writes what became of a batch of claims, all or nothing, in one round trip (`settle_deliveries` in the migrations):
 * attempt, delivery, message, lane, target and counters move together. A claim whose lease went to somebody else
 * changes nothing.
 * @returns the ids of the deliveries that were settled
 */
export async function settleDeliveries(db: Db, settlements: Settlement[]): Promise<string[]> {
  if (settlements.length === 0) return []
  const rows = await runPrepared<{ id: string }>(db, 'select settle_deliveries($1::text::jsonb) as id', [
    JSON.stringify(settlements),
  ])
  return rows.map((row) => row.id)
}
