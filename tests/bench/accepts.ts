import { type Bench, drained, incomingBody } from '#tests/bench/installation'
import { type LoadResult, medianOf, runLoad } from '#tests/bench/load'
import { LOAD_HEAD, print, printLoad, printRatio } from '#tests/bench/print'
import { CONCURRENCY, REQUESTS, ROUNDS } from '#tests/bench/sizes'
import { startBareNext, startBareNode, startThroughNext, type Yardstick } from '#tests/bench/yardsticks'

const JSON_TYPE = { 'content-type': 'application/json' }

const NODE = 'a bare node:http server with one insert'
const NEXT = 'a bare Next route with one insert'
const PLAIN = 'incoming through Next alone, deliveries held'
const HELD = 'incoming, deliveries held'

/** Messages taken in a second, beside the least that takes one in durably, on node:http and in Next. */
export async function measureAccepts(bench: Bench): Promise<void> {
  const { databaseUrl } = bench.server
  const node = await startBareNode(databaseUrl)
  const next = await startBareNext(databaseUrl)
  const plain = await startThroughNext(databaseUrl)
  try {
    await compare(bench, { node, next, plain })
  } finally {
    await Promise.all([node.stop(), next.stop(), plain.stop()])
  }
  await drained(bench)
}

async function compare(bench: Bench, { node, next, plain }: Record<'node' | 'next' | 'plain', Yardstick>) {
  const bare = (url: string, path: string) => load({ origin: url, path, headers: JSON_TYPE })
  const incoming = (url: string) => load({ origin: url, path: bench.incomingPath, headers: bench.headers })
  const results = await inTurn([
    [NODE, () => bare(node.url, '/')],
    ['a bare Next route', () => bare(next.url, '/bare')],
    [NEXT, () => bare(next.url, '/insert')],
    [PLAIN, () => bench.hold(true).then(() => incoming(plain.url))],
    [HELD, () => incoming(bench.server.url)],
    ['incoming while delivering', () => bench.hold(false).then(() => incoming(bench.server.url))],
  ])
  print(`Accepts at concurrency ${CONCURRENCY}`, LOAD_HEAD)
  for (const [name, result] of results) printLoad(name, result)
  const rate = (name: string) => results.get(name)?.perSecond ?? Number.NaN
  printRatio('incoming : a bare node:http server', rate(HELD) / rate(NODE), 'at least 0.6')
  printRatio('incoming : the same through Next alone', rate(HELD) / rate(PLAIN), 'at least 3')
  printRatio('incoming : a bare Next route', rate(HELD) / rate(NEXT), 'at least 0.6')
}

function load(to: { origin: string; path: string; headers: Record<string, string> }): Promise<LoadResult> {
  return runLoad({ ...to, body: incomingBody, concurrency: CONCURRENCY, requests: REQUESTS })
}

/** Every row once to warm up, then round by round, so that what disturbs the machine disturbs them alike. */
async function inTurn(rows: [string, () => Promise<LoadResult>][]): Promise<Map<string, LoadResult>> {
  const runs = new Map<string, LoadResult[]>(rows.map(([name]) => [name, []]))
  for (const [, run] of rows) await run()
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of rows) runs.get(name)?.push(await run())
  }
  return new Map([...runs].map(([name, all]) => [name, medianOf(all)]))
}
