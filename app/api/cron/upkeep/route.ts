import { after } from 'next/server'
import { cronUpkeepEndpoint } from '#lib/endpoints/cron'
import { endpointDeps } from '#lib/endpoints/deps'

export const dynamic = 'force-dynamic'
export const maxDuration = 120

export function GET(request: Request): Promise<Response> {
  return cronUpkeepEndpoint(request, endpointDeps(after))
}

export const POST = GET
