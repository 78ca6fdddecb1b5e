import { after } from 'next/server'
import { endpointDeps } from '#lib/endpoints/deps'
import { receiveIncomingEndpoint } from '#lib/endpoints/receive-incoming'

export const maxDuration = 120

type Context = { params: Promise<{ channelKey: string }> }

export async function POST(request: Request, { params }: Context): Promise<Response> {
  return receiveIncomingEndpoint(request, await params, endpointDeps(after))
}
