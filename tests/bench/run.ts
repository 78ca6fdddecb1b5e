import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { answerWhileStalled, connectBenchApp, messageEvent } from '#tests/bench/app-events'
import { startBareNext } from '#tests/bench/bare-next'
import { startFakeFront } from '#tests/bench/fake-front'
import { type Bench, incomingBody, startBench } from '#tests/bench/installation'
import { type LoadResult, median, runLoad } from '#tests/bench/load'

// Speed claims are ratios of one run on one machine: compare rows, not runs.
const ROUNDS = 3
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 3000)
const MEMORY_MESSAGES = Number(process.env.BENCH_MEMORY_MESSAGES ?? 50_000)
const CONCURRENCY = 32

async function main(): Promise<void> {
  const front = await startFakeFront()
  const bench = await startBench(front.url)
  const bare = await startBareNext(bench.server.databaseUrl)
  try {
    print(
      'Patchbay benchmark',
      `Node ${process.version}, embedded Postgres, concurrency ${CONCURRENCY}, medians of ${ROUNDS} rounds`,
    )
    await measureAccepts(bench, bare.url)
    await bare.stop()
    await measureFrontsCalls(bench)
    await measureDrain(bench)
    await measureLatency(bench)
    await measureMemory(bench)
  } finally {
    await bench.stop()
    front.close()
  }
}

async function measureAccepts(bench: Bench, bareUrl: string): Promise<void> {
  const patchbay = { origin: bench.server.url, path: bench.incomingPath, headers: bench.headers }
  const load = (to: { origin: string; path: string; headers: Record<string, string> }) =>
    runLoad({ ...to, body: incomingBody, concurrency: CONCURRENCY, requests: REQUESTS })
  const json = { 'content-type': 'application/json' }
  const rows: [string, () => Promise<LoadResult>][] = [
    ['a bare Next route', () => load({ origin: bareUrl, path: '/bare', headers: json })],
    ['a bare Next route with one insert', () => load({ origin: bareUrl, path: '/insert', headers: json })],
    ['incoming, deliveries held', () => bench.hold(true).then(() => load(patchbay))],
    ['incoming while delivering', () => bench.hold(false).then(() => load(patchbay))],
  ]
  const results = new Map<string, LoadResult[]>(rows.map(([name]) => [name, []]))
  for (const [, run] of rows) await run() // warm up
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of rows) results.get(name)?.push(await run())
  }
  print('Accepts', 'per second   p50 ms   p99 ms   failures')
  for (const [name, runs] of results) {
    const of = (key: keyof LoadResult) => median(runs.map((run) => run[key]))
    print(
      `  ${name}`,
      `${of('perSecond').toFixed(0).padStart(10)} ${of('p50Ms').toFixed(1).padStart(8)} ${of('p99Ms').toFixed(1).padStart(8)} ${of('failures').toString().padStart(10)}`,
    )
  }
  const rate = (name: string) => median((results.get(name) ?? []).map((run) => run.perSecond))
  const ratio = rate('incoming, deliveries held') / rate('a bare Next route with one insert')
  print('  incoming : bare route with one insert', `${ratio.toFixed(2)} (target at least 0.6)`)
  await drained(bench)
}

async function measureFrontsCalls(bench: Bench): Promise<void> {
  const app = await connectBenchApp(bench)
  const load = { origin: bench.server.url, ...app, body: messageEvent, concurrency: CONCURRENCY, requests: REQUESTS }
  await runLoad(load) // warm up
  const runs: LoadResult[] = []
  for (let round = 0; round < ROUNDS; round += 1) runs.push(await runLoad(load))
  const of = (key: keyof LoadResult) => median(runs.map((run) => run[key]))
  print(
    'Front’s messages to an app, answered',
    `${of('perSecond').toFixed(0)} per second, p50 ${of('p50Ms').toFixed(1)} ms, p99 ${of('p99Ms').toFixed(1)} ms, ${of('failures')} failures (target: p99 below 200 ms)`,
  )
  const { seconds, status, said } = await answerWhileStalled(bench, app)
  print('  with the database stalled', `${status} after ${seconds.toFixed(2)} s (before 6.5 s): ${said}`)
  await bench.forget()
}

async function measureDrain(bench: Bench): Promise<void> {
  const messages = Math.min(10_000, REQUESTS * 3)
  await bench.hold(true)
  await runLoad({
    origin: bench.server.url,
    path: bench.incomingPath,
    headers: bench.headers,
    body: incomingBody,
    concurrency: CONCURRENCY,
    requests: messages,
  })
  const startedAt = performance.now()
  await bench.hold(false)
  await drained(bench)
  const perSecond = messages / ((performance.now() - startedAt) / 1000)
  print(
    'Drain',
    `${perSecond.toFixed(0)} deliveries/s (${messages} messages of 1,000 conversations, over HTTP, log written)`,
  )
}

async function measureLatency(bench: Bench): Promise<void> {
  const seconds = 15
  const since = new Date()
  await Promise.all(
    Array.from({ length: seconds * 100 }, async (_, n) => {
      await pause(n * 10)
      const sent = await fetch(bench.server.url + bench.incomingPath, {
        method: 'POST',
        headers: bench.headers,
        body: incomingBody(n),
      })
      await sent.arrayBuffer()
    }),
  )
  await drained(bench)
  const [row] = await bench.db.execute<{ p50: number; p99: number; n: number }>(sql`
    select count(*)::int as n, percentile_cont(0.5) within group (order by ms) as p50, percentile_cont(0.99) within group (order by ms) as p99
    from (select extract(epoch from a.started_at - m.created_at) * 1000 as ms from messages m
          join attempts a on a.delivery_id = m.id and a.n = 1 where m.created_at >= ${since.toISOString()}) t`)
  print(
    'Commit to first attempt at 100/s',
    `p50 ${Number(row?.p50).toFixed(1)} ms, p99 ${Number(row?.p99).toFixed(1)} ms over ${row?.n} messages (target 10 / 50)`,
  )
}

async function measureMemory(bench: Bench): Promise<void> {
  await pause(10_000)
  const idle = bench.memoryMb()
  const steps: string[] = []
  for (let step = 0; step < 5; step += 1) {
    await runLoad({
      origin: bench.server.url,
      path: bench.incomingPath,
      headers: bench.headers,
      body: incomingBody,
      concurrency: CONCURRENCY,
      requests: MEMORY_MESSAGES / 5,
    })
    await drained(bench)
    await pause(5000)
    steps.push(bench.memoryMb().toFixed(0))
  }
  print(
    'Server memory',
    `idle ${idle.toFixed(0)} MB; after each fifth of ${MEMORY_MESSAGES} messages ${steps.join(', ')} MB`,
  )
}

async function drained(bench: Bench): Promise<void> {
  while ((await bench.waiting()) > 0) await pause(20)
}

function print(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(42)} ${value}\n`)
}

await main()
