import {
  keepDuplicate,
  type ProviderCall,
  type ProviderVisit,
  providerCall,
  readJsonCall,
  requireApplication,
} from '#lib/endpoints/provider-call'
import { startDelivery } from '#lib/endpoints/start-delivery'
import { recordOutcome } from '#lib/flows/record-outcome'
import { setChannelStatus } from '#lib/flows/set-channel-status'
import { parseStatusUpdate, type StatusUpdate } from '#lib/provider/status-update'

/**
 * `POST /api/channels/{key}/status`: a provider tells what became of a message that it had taken, or that it can or
 * cannot carry any just now. 202 with `changed`: whether that was news.
 */
export function receiveStatusEndpoint(visit: ProviderVisit): Promise<Response> {
  return providerCall(visit, async (call) => {
    const update = parseStatusUpdate(await readJsonCall(call))
    return update.about === 'message' ? aboutMessage(call, update) : aboutChannel(call, update)
  })
}

type About<Subject> = Extract<StatusUpdate, { about: Subject }>

async function aboutMessage(call: ProviderCall, update: About<'message'>): Promise<Response> {
  const { deps, door: channel } = call
  const { id, changed } = await recordOutcome(deps.db, { channel, ...update, now: deps.now() })
  if (changed) startDelivery(deps)
  // Receipts of what we know to be delivered come for every message of some providers.
  else if (update.status === 'failed') await keepDuplicate(call, { messageId: id })
  return Response.json({ status: 'accepted', id, changed }, { status: 202 })
}

async function aboutChannel(call: ProviderCall, { status, reason }: About<'channel'>): Promise<Response> {
  requireApplication(call, 'whether a channel is offline')
  const { deps, door } = call
  const change = { channelId: door.id, status, reason, by: 'provider', now: deps.now() }
  const changed = await setChannelStatus(deps.db, change)
  if (changed) startDelivery(deps)
  return Response.json({ status: 'accepted', changed }, { status: 202 })
}
