import { isDeepStrictEqual } from 'node:util'
import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { findCall, findLastPayload, insertCall, type PhoneCall } from '#db/queries/calls'
import type { Door } from '#db/queries/intake'
import { enqueueReport, reportLane } from '#db/queries/reports'
import { REPORT_PAYLOADS } from '#lib/delivery/report-payloads'
import { AppError } from '#lib/errors'
import { requireHandle } from '#lib/flows/store-provider-message'
import type { CreateCallBody } from '#lib/front/calls'

type Create = {
  channel: Pick<Door, 'id' | 'contactType' | 'defaultCountry'>
  call: CreateCallBody
  now: Date
}

/**
 * Stores a phone call as it begins and tells Front (A7). The same call again stores nothing. A call that does not say when
 * it began begins now, so that Front shows the right time however late it hears of it.
 * @throws AppError `invalid_input` for a handle that the channel cannot use, `conflict` for the same id with other content
 */
export async function createCall(
  db: Database,
  { channel, call: given, now }: Create,
): Promise<{ call: PhoneCall; duplicate: boolean }> {
  const channelId = channel.id
  const call = withCheckedHandle(given, channel)
  const externalId = call.external_call_id
  return db.transaction(async (tx) => {
    const conversationId = await reportLane(tx, { channelId, kind: 'call', key: externalId })
    const dated = { ...call, started_at: call.started_at ?? now.getTime() }
    const stored = await insertCall(tx, {
      id: newId(),
      channelId,
      conversationId,
      ...toColumns(dated),
      lastEventAt: now,
    })
    if (!stored) {
      const known = await findCall(tx, { channelId, externalId })
      if (!known) throw new Error('A call was in the way and is gone.')
      const payload = await findLastPayload(tx, { subjectId: known.id, kind: 'call_create' })
      if (isSame(call, payload)) return { call: known, duplicate: true }
      const message = `The call “${externalId}” was created before, with another content. A new call needs a new id.`
      throw new AppError('conflict', message)
    }
    const payload = { call: dated }
    const report = { kind: 'call_create' as const, payload, subjectId: stored.id, createdBy: 'provider' }
    await enqueueReport(tx, { channelId, conversationId, ...report })
    return { call: stored, duplicate: false }
  })
}

function withCheckedHandle(call: CreateCallBody, channel: Create['channel']): CreateCallBody {
  if (call.direction === 'inbound') {
    return { ...call, from: { ...call.from, handle: requireHandle(channel, call.from.handle, 'from.handle') } }
  }
  return { ...call, to: { ...call.to, handle: requireHandle(channel, call.to.handle, 'to.handle') } }
}

/** A time that was not given was filled in, so it says nothing. What is no longer kept cannot be told apart. */
function isSame(call: CreateCallBody, payload: unknown): boolean {
  const known = REPORT_PAYLOADS.call_create.safeParse(payload).data?.call
  if (!known) return true
  return isDeepStrictEqual({ ...call, started_at: call.started_at ?? known.started_at }, known)
}

function toColumns(call: CreateCallBody & { started_at: number }) {
  const party = call.direction === 'inbound' ? call.from : call.to
  return {
    externalId: call.external_call_id,
    parentExternalId: call.parent_external_call_id ?? null,
    direction: call.direction,
    partyHandle: party.handle,
    partyName: party.name ?? null,
    agentEmail: call.agent_email_address ?? null,
    status: call.initial_status,
    startedAtMs: call.started_at,
  }
}
