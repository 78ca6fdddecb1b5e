import { after } from 'next/server'
import { endpointDeps } from '#lib/endpoints/deps'
import { messageStatusEndpoint } from '#lib/endpoints/message-status'

type Context = { params: Promise<{ channelKey: string; messageId: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return messageStatusEndpoint(request, await params, endpointDeps(after))
}
