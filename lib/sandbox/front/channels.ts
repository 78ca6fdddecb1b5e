import { z } from 'zod'
import {
  findSandboxChannel,
  insertSandboxChannel,
  listSandboxChannels,
  updateSandboxChannel,
} from '#db/queries/sandbox-channels'
import { type FrontCall, paramOf } from '#lib/sandbox/front/call'
import { createAppChannel } from '#lib/sandbox/front/create-app-channel'
import { badFields, unauthenticated, unknownId } from '#lib/sandbox/front/errors'
import { checkFields, readFields } from '#lib/sandbox/front/fields'
import { newAddress } from '#lib/sandbox/front/new-address'
import { channelResource, inboxResource, type SandboxChannel } from '#lib/sandbox/front/resources'
import { frontId, SANDBOX_INBOXES } from '#lib/sandbox/identity'

const UNDO_TIMES = [0, 5, 10, 15, 30, 60]

const settings = z.object({
  undo_send_time: z
    .number()
    .refine((value) => UNDO_TIMES.includes(value), `must be one of ${UNDO_TIMES.join(', ')}`)
    .optional(),
  all_teammates_can_reply: z.boolean().optional(),
  webhook_url: z.url({ protocol: /^https?$/, error: 'must be a web address' }).optional(),
})

const newChannel = z.object({
  type: z.enum(['custom', 'smtp', 'twilio']),
  name: z.string().optional(),
  send_as: z.string().optional(),
  settings: settings.optional(),
  application_uid: z.string().optional(),
  credentials: z.record(z.string(), z.unknown()).optional(),
})

const channelChange = z.object({
  name: z.string().optional(),
  inbox_id: z.string().optional(),
  settings: settings.optional(),
})

export async function listInboxes({ base }: FrontCall): Promise<Response> {
  const results = SANDBOX_INBOXES.map((inbox) => inboxResource(inbox, base))
  return Response.json({ _links: { self: `${base}/inboxes` }, _results: results })
}

export async function getInbox(call: FrontCall): Promise<Response> {
  return Response.json(inboxResource(inboxOf(call), call.base))
}

export async function listChannels({ base, deps }: FrontCall): Promise<Response> {
  const channels = await listSandboxChannels(deps.db)
  return channelList(channels, `${base}/channels`, base)
}

export async function listInboxChannels(call: FrontCall): Promise<Response> {
  const { id } = inboxOf(call)
  const channels = await listSandboxChannels(call.deps.db, { inboxId: id })
  return channelList(channels, `${call.base}/inboxes/${id}/channels`, call.base)
}

export async function getChannel(call: FrontCall): Promise<Response> {
  return Response.json(channelResource(await channelOf(call), call.base))
}

/** B4: answers 204 without a body, so that the caller has to look for what it made (T24). */
export async function createChannel(call: FrontCall): Promise<Response> {
  const inbox = inboxOf(call)
  const { fields } = await readFields(call.request)
  const input = checkFields(newChannel, fields, call.warn)
  if (input.type !== 'custom') throw badFields(['body.type: the sandbox has custom channels only'])
  if (input.application_uid !== undefined) return createAppChannel(call, { ...input, inboxId: inbox.id })
  const { db, random } = call.deps
  const { webhook_url: webhookUrl = null, ...rest } = input.settings ?? {}
  if (webhookUrl === null) call.warn('settings.webhook_url is missing: replies of this channel go nowhere')
  await insertSandboxChannel(db, {
    id: frontId('cha', random),
    inboxId: inbox.id,
    name: input.name ?? 'Custom channel',
    type: 'custom',
    address: newAddress(random),
    webhookUrl,
    settings: rest,
  })
  return new Response(null, { status: 204 })
}

/** B5. What is left out stays as it was, which is not known of the real Front. */
export async function updateChannel(call: FrontCall): Promise<Response> {
  const channel = await channelOf(call)
  const { fields } = await readFields(call.request)
  const input = checkFields(channelChange, fields, call.warn)
  if (input.inbox_id !== undefined && !SANDBOX_INBOXES.some((inbox) => inbox.id === input.inbox_id)) {
    throw unknownId('inbox', input.inbox_id)
  }
  const { webhook_url: webhookUrl = channel.webhookUrl, ...rest } = input.settings ?? {}
  if (input.settings && input.settings.webhook_url === undefined) {
    call.warn('settings without webhook_url: Front may forget the outgoing URL, so always send it along')
  }
  await updateSandboxChannel(call.deps.db, channel.id, {
    name: input.name ?? channel.name,
    inboxId: input.inbox_id ?? channel.inboxId,
    webhookUrl,
    settings: { ...channel.settings, ...rest },
  })
  return new Response(null, { status: 204 })
}

/** The channel that the path names, by id or by `alt:address:`. */
export async function channelOf(call: FrontCall): Promise<SandboxChannel> {
  const name = paramOf(call, 0).replace(/^alt:address:/, '')
  // Two apps may have channels of the same address.
  const own = call.caller.kind === 'channel' ? call.caller.channel : undefined
  if (own && (own.id === name || own.address === name)) return own
  const channel = await findSandboxChannel(call.deps.db, name)
  if (!channel) throw unknownId('channel', paramOf(call, 0))
  refuseOtherChannel(call, channel.id)
  return channel
}

/** A channel token opens its own channel, and nothing of any other. */
export function refuseOtherChannel({ caller, warn }: FrontCall, channelId: string): void {
  if (caller.kind === 'company' || caller.channel.id === channelId) return
  warn(`The token is for ${caller.channel.id}, the call is about ${channelId}.`)
  throw unauthenticated()
}

function inboxOf(call: FrontCall) {
  const id = paramOf(call, 0)
  const inbox = SANDBOX_INBOXES.find((candidate) => candidate.id === id)
  if (!inbox) throw unknownId('inbox', id)
  return inbox
}

function channelList(channels: SandboxChannel[], self: string, base: string): Response {
  return Response.json({ _links: { self }, _results: channels.map((channel) => channelResource(channel, base)) })
}
