import { measureAccepts } from '#tests/bench/accepts'
import { measureClaims } from '#tests/bench/claims'
import { measureDrainOverHttp, measureFrontsCalls, measureLatency } from '#tests/bench/deliveries'
import { measureEngine } from '#tests/bench/engine'
import { startFakeFront } from '#tests/bench/fake-front'
import { type Bench, startBench } from '#tests/bench/installation'
import { measureMemory, soak } from '#tests/bench/memory'
import { print } from '#tests/bench/print'
import { measureRecovery } from '#tests/bench/recovery'
import { ROUNDS, SOAK_MINUTES } from '#tests/bench/sizes'

/** `npm run bench -- accepts claims` measures these alone. */
const PARTS: Record<string, (bench: Bench) => Promise<void>> = {
  accepts: measureAccepts,
  front: measureFrontsCalls,
  engine: measureEngine,
  drain: measureDrainOverHttp,
  latency: measureLatency,
  recovery: measureRecovery,
  memory: measureMemory,
  claims: measureClaims,
  soak: async (bench) => {
    if (SOAK_MINUTES > 0) await soak(bench)
  },
}

async function main(named: string[]): Promise<void> {
  const unknown = named.filter((name) => !(name in PARTS))
  if (unknown.length > 0) throw new Error(`There is ${Object.keys(PARTS).join(', ')}; not ${unknown.join(', ')}.`)
  const front = await startFakeFront()
  const bench = await startBench(front.url)
  try {
    print('Patchbay benchmark', `Node ${process.version}, embedded Postgres, medians of ${ROUNDS} rounds`)
    for (const [name, measure] of Object.entries(PARTS)) {
      if (named.length === 0 || named.includes(name)) await measure(bench)
    }
  } finally {
    await bench.stop()
    front.close()
  }
}

await main(process.argv.slice(2))
