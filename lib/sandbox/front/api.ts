import { newId } from '#db/ids'
import { countSandboxCallsSince, insertSandboxCall } from '#db/queries/sandbox-calls'
import { getSandboxSettings, type SandboxSettings } from '#db/queries/sandbox-settings'
import { takeTurn } from '#db/queries/throttles'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { dropConnection, type Fault, hang, pause, takeFaults } from '#lib/sandbox/faults'
import { type Caller, findCaller } from '#lib/sandbox/front/caller'
import {
  FrontError,
  forbidden,
  serverError,
  tooManyRequests,
  unauthenticated,
  unknownRoute,
} from '#lib/sandbox/front/errors'
import { findRoute, type Route } from '#lib/sandbox/front/routes'
import { sandboxBaseUrl } from '#lib/sandbox/identity'

const MINUTE_MS = 60_000
/** Front allows about five calls a second on one channel's intake. */
const BURST = { everyMs: 200, burst: 10 }

type Notes = { warnings: string[]; fault: string | null; error: string | null }

/**
 * Answers one call of the sandbox's API the way Front would, and writes it into the call log.
 * @param segments the path below the base URL, decoded
 */
export async function answerFrontCall(request: Request, segments: string[], deps: SandboxDeps): Promise<Response> {
  const startedMs = performance.now()
  const notes: Notes = { warnings: [], fault: null, error: null }
  const settings = await getSandboxSettings(deps.db)
  const limits = await rateState(settings, deps)
  const caller = await findCaller(bearerOf(request), deps)
  // A stranger's calls count for nothing and leave no trace.
  if (caller.kind === 'stranger') return withHeaders(unauthenticated().toResponse(), limits.headers)
  const context = { deps, settings, notes, exceeded: limits.exceeded }
  const response = await letIn(caller, (known) => answer(request, segments, { ...context, caller: known }), notes)
  withHeaders(response, limits.headers)
  if (notes.warnings.length > 0) response.headers.set('x-sandbox-warning', headerText(notes.warnings))
  await insertSandboxCall(deps.db, {
    id: newId(),
    method: request.method,
    path: `/${segments.join('/')}`.slice(0, 500),
    status: notes.fault === 'drop' || notes.fault === 'hang' ? 0 : response.status,
    ...notes,
    tookMs: Math.round(performance.now() - startedMs),
    createdAt: deps.now,
  })
  return response
}

type Known = Exclude<Awaited<ReturnType<typeof findCaller>>, { kind: 'stranger' }>

/** Front's own answer, also where it refuses. Why a token was refused stands in the log only. */
async function letIn(caller: Known, work: (caller: Caller) => Promise<Response>, notes: Notes): Promise<Response> {
  try {
    if (caller.kind !== 'refused') return await work(caller)
    notes.warnings.push(caller.why)
    throw unauthenticated()
  } catch (error) {
    if (!(error instanceof FrontError)) throw error
    notes.error = [error.message, ...error.details].join('; ')
    return error.toResponse()
  }
}

type Context = {
  deps: SandboxDeps
  settings: SandboxSettings
  notes: Notes
  exceeded: FrontError | null
  caller: Caller
}

async function answer(request: Request, segments: string[], context: Context): Promise<Response> {
  const { deps, settings, notes } = context
  const found = findRoute(request.method, segments)
  const isIntake = found?.route.isIntake ?? false
  const kinds = ['latency', 'rate_limit', 'server_error', 'hang', 'drop'] as const
  const { latencyMs, fault } = await takeFaults(deps, { side: 'front', kinds, isIntake })
  notes.fault = fault?.kind ?? (latencyMs > 0 ? 'latency' : null)
  await pause(latencyMs, request.signal)
  if (fault) refuseByFault(fault, deps.now)
  if (fault?.kind === 'hang') return hang(request.signal)
  if (context.exceeded) throw context.exceeded
  if (!found) throw unknownRoute()
  refuseWrongToken(found.route, context.caller)
  if (isIntake) await refuseBurst(found.params[0] ?? '', deps)
  const response = await found.route.handle({
    request,
    caller: context.caller,
    query: new URL(request.url).searchParams,
    params: found.params,
    base: sandboxBaseUrl(deps.publicUrl),
    // Time went on while the switches made the call wait.
    deps: { ...deps, now: new Date(deps.now.getTime() + latencyMs) },
    settings,
    warn: (text) => notes.warnings.push(text),
  })
  return fault?.kind === 'drop' ? dropConnection() : response
}

function refuseWrongToken({ opens }: Route, { kind }: Caller): void {
  if (opens === 'both' || opens === kind) return
  throw forbidden(
    opens === 'channel'
      ? 'This call is for application channels: it takes a channel token, not an API token.'
      : 'A channel token does not open this call: it takes an API token.',
  )
}

function refuseByFault({ kind, options }: Fault, now: Date): void {
  if (kind === 'rate_limit') throw tooManyRequests({ ...options, waitMs: options.waitS * 1000, now })
  if (kind === 'server_error') throw serverError(options.status)
}

async function rateState({ requestsPerMinute }: SandboxSettings, { db, now }: SandboxDeps) {
  const startMs = Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS
  const endMs = startMs + MINUTE_MS
  const limit = requestsPerMinute === 0 ? 200 : requestsPerMinute
  const used = requestsPerMinute === 0 ? 0 : await countSandboxCallsSince(db, new Date(startMs))
  const headers = {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, limit - used - 1)),
    'x-ratelimit-reset': String(endMs / 1000),
  }
  const waitMs = endMs - now.getTime()
  const exceeded = used < limit ? null : tooManyRequests({ tier: 'global', waitMs, retryAfter: 'seconds', now })
  return { headers, exceeded }
}

async function refuseBurst(channelId: string, { db, now }: SandboxDeps): Promise<void> {
  const turn = await takeTurn(db, { key: `sandbox intake ${channelId.slice(0, 100)}`, ...BURST })
  if (!turn.allowed) throw tooManyRequests({ tier: 'burst', waitMs: turn.waitS * 1000, retryAfter: 'seconds', now })
}

function withHeaders(response: Response, headers: Record<string, string>): Response {
  for (const [name, value] of Object.entries(headers)) {
    if (!response.headers.has(name)) response.headers.set(name, value)
  }
  return response
}

function bearerOf(request: Request): string {
  return /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
}

/** Header values hold printable ASCII only. */
function headerText(warnings: string[]): string {
  return warnings
    .join(' | ')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, 2000)
}
