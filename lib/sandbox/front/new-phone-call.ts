import { z } from 'zod'
import type { Transaction } from '#db/client'
import { insertSandboxConversation, touchSandboxConversation } from '#db/queries/sandbox-conversations'
import {
  findSandboxPhoneCall,
  findSandboxPhoneCallOfParent,
  insertSandboxPhoneCall,
  insertSandboxPhoneEvent,
} from '#db/queries/sandbox-phone-calls'
import { lockSandboxExternalId } from '#db/queries/sandbox-threads'
import { INITIAL_CALL_STATUSES } from '#lib/front/calls'
import type { FrontCall } from '#lib/sandbox/front/call'
import { channelOf } from '#lib/sandbox/front/channels'
import { badFields } from '#lib/sandbox/front/errors'
import { checkFields, readFields } from '#lib/sandbox/front/fields'
import { checkedHandle } from '#lib/sandbox/front/intake'
import { accepted, momentOf } from '#lib/sandbox/front/phone-calls'
import type { SandboxChannel } from '#lib/sandbox/front/resources'
import { frontId } from '#lib/sandbox/identity'

const party = z.object({ handle: z.string().min(1, 'must not be empty'), name: z.string().optional() })
const anyCall = {
  external_call_id: z.string().min(1, 'must not be empty'),
  initial_status: z.enum(INITIAL_CALL_STATUSES),
  /** Milliseconds since 1970. */
  started_at: z.number().optional(),
  // Front's specification requires it although only a transfer has one.
  parent_external_call_id: z.string().min(1, 'must not be empty'),
  agent_email_address: z.string().optional(),
}
const direction = z.looseObject({ direction: z.enum(['inbound', 'outbound']) })
const inboundCall = z.object({ ...anyCall, direction: z.literal('inbound'), from: party })
const outboundCall = z.object({ ...anyCall, direction: z.literal('outbound'), to: party })

type NewCall = z.infer<typeof inboundCall> | z.infer<typeof outboundCall>

/** A7: a call begins. One that was transferred joins the conversation of the call that it comes from. */
export async function createCall(call: FrontCall): Promise<Response> {
  const channel = await channelOf(call)
  const { fields } = await readFields(call.request)
  const input = readCall(fields, call)
  const { db } = call.deps
  const externalId = input.external_call_id
  const isNew = await db.transaction(async (tx) => {
    // One after the other in the whole channel: a call names itself and its parent.
    await lockSandboxExternalId(tx, { channelId: channel.id, externalId: '', what: 'call' })
    if (await findSandboxPhoneCall(tx, { channelId: channel.id, externalId })) return false
    await open(tx, { call, channel, input })
    return true
  })
  if (!isNew) call.warn(`external_call_id ${externalId} was taken before: the sandbox keeps the first call`)
  return accepted()
}

function readCall(fields: unknown, { warn }: FrontCall): NewCall {
  const way = direction.safeParse(fields).data?.direction
  if (way === undefined) throw badFields(['body.direction: must be one of inbound, outbound'])
  return way === 'inbound' ? checkFields(inboundCall, fields, warn) : checkFields(outboundCall, fields, warn)
}

type Opening = { call: FrontCall; channel: SandboxChannel; input: NewCall }

async function open(tx: Transaction, { call, channel, input }: Opening): Promise<void> {
  const { now, random } = call.deps
  const other = input.direction === 'inbound' ? input.from : input.to
  const field = input.direction === 'inbound' ? 'from.handle' : 'to.handle'
  const { contactType } = channel
  const handle = checkedHandle({ handle: other.handle, contactType, field, warn: call.warn })
  const customer = { handle, name: other.name ?? null }
  const conversationId = await conversationFor(tx, { channel, input, customer, now, random })
  const id = frontId('call', random)
  const status = input.initial_status
  const startedAt = momentOf(input.started_at, call)
  await insertSandboxPhoneCall(tx, {
    id,
    channelId: channel.id,
    conversationId,
    externalId: input.external_call_id,
    parentExternalId: input.parent_external_call_id,
    direction: input.direction,
    partyHandle: handle,
    partyName: customer.name,
    status,
    startedAt,
    createdAt: now,
  })
  const content = { kind: 'status' as const, status, agentEmail: input.agent_email_address ?? null }
  const eventId = frontId('evt', random)
  await insertSandboxPhoneEvent(tx, { id: eventId, callId: id, content, occurredAt: startedAt, createdAt: now })
}

type Threading = Omit<Opening, 'call'> & {
  customer: { handle: string; name: string | null }
  now: Date
  random: () => number
}

async function conversationFor(tx: Transaction, { channel, input, customer, now, random }: Threading): Promise<string> {
  const parent = { channelId: channel.id, externalId: input.parent_external_call_id }
  const known = await findSandboxPhoneCallOfParent(tx, parent)
  if (known) {
    await touchSandboxConversation(tx, known.conversationId, now)
    return known.conversationId
  }
  const times = { createdAt: now, lastMessageAt: now }
  const place = { id: frontId('cnv', random), channelId: channel.id, subject: 'Phone call' }
  return (await insertSandboxConversation(tx, { ...place, ...customer, ...times })).id
}
