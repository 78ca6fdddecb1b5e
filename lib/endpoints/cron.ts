import type { EndpointDeps } from '#lib/endpoints/deps'
import { AppError } from '#lib/errors'
import { upkeep } from '#lib/flows/upkeep'
import { respond } from '#lib/http/respond'
import { constantTimeEqual, hashToken } from '#lib/secrets'

/** Below the minute in which the next call comes; what is in flight then may take it into that minute. */
export const DRAIN_MS = 50_000

/** `GET|POST /api/cron/drain`: one pass of the delivery work, for hosts where no process lives on. */
export function cronDrainEndpoint(request: Request, deps: EndpointDeps): Promise<Response> {
  return respond('cron.drain', async () => {
    requireCron(request, deps)
    await deps.drain({ deadline: new Date(deps.now().getTime() + DRAIN_MS), patienceMs: DRAIN_MS, recover: true })
    return Response.json({ status: 'ok' })
  })
}

/** `GET|POST /api/cron/upkeep`, daily: makes the coming months' partitions and forgets limiters that have passed. */
export function cronUpkeepEndpoint(request: Request, deps: EndpointDeps): Promise<Response> {
  return respond('cron.upkeep', async () => {
    requireCron(request, deps)
    await upkeep(deps.db, deps.now())
    return Response.json({ status: 'ok' })
  })
}

/** @throws AppError `not_found` where no secret is set, `unauthenticated` without the right one */
function requireCron({ headers }: Request, { cronSecret }: EndpointDeps): void {
  if (cronSecret === null) throw new AppError('not_found', 'Set CRON_SECRET to open this route.')
  const given = /^Bearer (.+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? ''
  if (!constantTimeEqual(hashToken(given), hashToken(cronSecret))) {
    throw new AppError('unauthenticated', 'Send “Authorization: Bearer” with CRON_SECRET.')
  }
}
