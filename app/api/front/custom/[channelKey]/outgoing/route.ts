import { after } from 'next/server'
import { endpointDeps } from '#lib/endpoints/deps'
import { receiveOutgoingEndpoint } from '#lib/endpoints/receive-outgoing'

type Context = { params: Promise<{ channelKey: string }> }

export async function POST(request: Request, { params }: Context): Promise<Response> {
  return receiveOutgoingEndpoint(request, await params, endpointDeps(after))
}
