import { after } from 'next/server'
import { endpointDeps } from '#lib/endpoints/deps'
import { downloadFileEndpoint } from '#lib/endpoints/download-file'

export const maxDuration = 120

type Context = { params: Promise<{ token: string }> }

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return downloadFileEndpoint(request, await params, endpointDeps(after))
}
