import { openCaller } from '#tests/bench/caller'

export type LoadResult = { perSecond: number; p50Ms: number; p99Ms: number; failures: number }

type Load = {
  origin: string
  path: string
  /** The same for all, or made for each body. */
  headers: Record<string, string> | ((body: string) => Record<string, string>)
  /** The nth request's body. */
  body: (n: number) => string
  concurrency: number
  requests: number
}

/** A closed loop: `concurrency` callers, each sending its next request when the last one was answered. */
export async function runLoad({ origin, path, headers, body, concurrency, requests }: Load): Promise<LoadResult> {
  const latencies: number[] = []
  let next = 0
  let failures = 0
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      const caller = openCaller(origin)
      while (next < requests) {
        const n = next++
        const sentAt = performance.now()
        const text = body(n)
        const own = typeof headers === 'function' ? headers(text) : headers
        const status = await caller.post({ path, headers: own, body: text })
        if (status >= 300) failures += 1
        latencies.push(performance.now() - sentAt)
      }
      caller.close()
    }),
  )
  const seconds = (performance.now() - startedAt) / 1000
  return { perSecond: requests / seconds, ...percentiles(latencies), failures }
}

export function percentiles(values: number[]): { p50Ms: number; p99Ms: number } {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50Ms: at(0.5), p99Ms: at(0.99) }
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Each figure's own median over several runs. */
export function medianOf(runs: LoadResult[]): LoadResult {
  const of = (key: keyof LoadResult) => median(runs.map((run) => run[key]))
  return { perSecond: of('perSecond'), p50Ms: of('p50Ms'), p99Ms: of('p99Ms'), failures: of('failures') }
}
