import { after } from 'next/server'
import { endpointDeps } from '#lib/endpoints/deps'
import { receiveOutgoingEndpoint } from '#lib/endpoints/receive-outgoing'

export const maxDuration = 120

type Context = { params: Promise<{ channelKey: string }> }

export async function POST(request: Request, { params }: Context): Promise<Response> {
  return receiveOutgoingEndpoint(request, await params, endpointDeps(after))
}
