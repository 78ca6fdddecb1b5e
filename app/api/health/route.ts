import { after } from 'next/server'
import { endpointDeps } from '#lib/endpoints/deps'
import { healthEndpoint } from '#lib/endpoints/health'

export const maxDuration = 120

// Asked of the running process, never answered at build time.
export const dynamic = 'force-dynamic'

export function GET(request: Request): Promise<Response> {
  return healthEndpoint(request, endpointDeps(after))
}
