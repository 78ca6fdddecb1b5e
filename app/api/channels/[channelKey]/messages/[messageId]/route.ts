import { after } from 'next/server'
import { endpointDeps } from '#lib/endpoints/deps'
import { messageStatusEndpoint } from '#lib/endpoints/message-status'

export const maxDuration = 120

type Context = { params: Promise<{ channelKey: string; messageId: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return messageStatusEndpoint(request, await params, endpointDeps(after))
}
