import { z } from 'zod'
import type { SandboxFault, SandboxSide } from '#db/queries/sandbox-faults'
import { listSandboxFaults, spendSandboxFault } from '#db/queries/sandbox-faults'
import type { SandboxDeps } from '#lib/sandbox/deps'

/** What can be made to go wrong, in the order in which it is tried. Latency comes on top of any other. */
export const FAULT_KINDS = {
  front: ['latency', 'rate_limit', 'server_error', 'hang', 'drop', 'wrong_signature'],
  provider: ['latency', 'rate_limit', 'server_error', 'refuse', 'hang', 'drop'],
} as const

export type FaultKind = (typeof FAULT_KINDS)[SandboxSide][number]

export const faultOptions = z.object({
  /** Latency in milliseconds. */
  ms: z.coerce.number().int().min(0).max(30_000).catch(2000),
  /** For `server_error` and `refuse`. */
  status: z.coerce.number().int().min(400).max(599).catch(503),
  /** What Retry-After asks for, in seconds. */
  waitS: z.coerce.number().int().min(1).max(3600).catch(5),
  retryAfter: z.enum(['seconds', 'date']).catch('seconds'),
  tier: z.enum(['global', 'burst']).catch('global'),
})

export type FaultOptions = z.infer<typeof faultOptions>
export type Fault = { kind: FaultKind; options: FaultOptions }
export type FaultHits = { latencyMs: number; fault: Fault | null }

type Call = { side: SandboxSide; kinds: readonly FaultKind[]; isIntake: boolean }

/**
 * Decides what goes wrong with one call: at most one failure, and latency beside it. A switch that counts is spent here.
 * @param call.kinds those that make sense for this call
 * @param call.isIntake whether the call brings a message: switches hit only such calls unless set to every call
 */
export async function takeFaults(
  { db, random }: Pick<SandboxDeps, 'db' | 'random'>,
  { side, kinds, isIntake }: Call,
): Promise<FaultHits> {
  const on = (await listSandboxFaults(db, side)).filter((fault) => isIntake || fault.everyCall)
  const hits: FaultHits = { latencyMs: 0, fault: null }
  for (const kind of kinds) {
    const found = on.find((candidate) => candidate.kind === kind)
    if (!found || (kind !== 'latency' && hits.fault)) continue
    if (!(await strikes(db, found, random))) continue
    const options = faultOptions.parse(found.options)
    if (kind === 'latency') hits.latencyMs = options.ms
    else hits.fault = { kind, options }
  }
  return hits
}

async function strikes(db: SandboxDeps['db'], fault: SandboxFault, random: () => number): Promise<boolean> {
  if (fault.percent !== null) return random() * 100 < fault.percent
  return spendSandboxFault(db, fault)
}

const HANG_LIMIT_MS = 60_000

/** Waits, but not longer than the caller does. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** Never answers: ends when the caller gives up, or after a minute by closing the connection. */
export async function hang(signal: AbortSignal): Promise<Response> {
  await pause(HANG_LIMIT_MS, signal)
  return dropConnection()
}

/**
 * Closes the connection without an answer. A body that fails before its first byte makes the server destroy the socket
 * before it sent the status line; the name tells Next that this is no bug of ours.
 */
export function dropConnection(): Response {
  const cut = Object.assign(new Error('The sandbox dropped this answer'), { name: 'AbortError' })
  return new Response(new ReadableStream({ start: (stream) => stream.error(cut) }))
}
