import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { answerWhileStalled, connectBenchApp, messageEvent } from '#tests/bench/app-events'
import { type Bench, drained, incomingBody } from '#tests/bench/installation'
import { type LoadResult, medianOf, runLoad } from '#tests/bench/load'
import { print } from '#tests/bench/print'
import { CONCURRENCY, REQUESTS, ROUNDS } from '#tests/bench/sizes'

const LATENCY_SECONDS = 15

/** What Front posts to an app, which it waits for: all of it signed, verified, placed and stored before the answer. */
export async function measureFrontsCalls(bench: Bench): Promise<void> {
  const app = await connectBenchApp(bench)
  const load = { origin: bench.server.url, ...app, body: messageEvent, concurrency: CONCURRENCY, requests: REQUESTS }
  await runLoad(load) // warm up
  const runs: LoadResult[] = []
  for (let round = 0; round < ROUNDS; round += 1) runs.push(await runLoad(load))
  const { perSecond, p50Ms, p99Ms, failures } = medianOf(runs)
  print(
    'Front’s messages to an app, answered',
    `${perSecond.toFixed(0)} per second, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ${failures} failures (target: p99 below 200 ms)`,
  )
  const { seconds, status, said } = await answerWhileStalled(bench, app)
  print('  with the database stalled', `${status} after ${seconds.toFixed(2)} s (before 6.5 s): ${said}`)
  await bench.forget()
}

/** A backlog delivered to Front over HTTP by the server's own worker. */
export async function measureDrainOverHttp(bench: Bench): Promise<void> {
  const messages = Math.min(10_000, REQUESTS * 3)
  await bench.hold(true)
  const { failures } = await runLoad({
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
  const perSecond = (messages - failures) / ((performance.now() - startedAt) / 1000)
  print(
    'Drain over HTTP',
    `${perSecond.toFixed(0)} deliveries/s (${messages} messages of 1,000 conversations, log written)`,
  )
}

/** From a message's commit to its first attempt, at a load that leaves room. */
export async function measureLatency(bench: Bench): Promise<void> {
  const since = new Date()
  await Promise.all(
    Array.from({ length: LATENCY_SECONDS * 100 }, async (_, n) => {
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
