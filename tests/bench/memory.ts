import { setTimeout as pause } from 'node:timers/promises'
import { type Bench, drained, incomingBody } from '#tests/bench/installation'
import { runLoad } from '#tests/bench/load'
import { print } from '#tests/bench/print'
import { CONCURRENCY, MEMORY_MESSAGES, SOAK_MINUTES } from '#tests/bench/sizes'

const STEPS = 5
const STEADY_PER_SECOND = 50
const TELL_EVERY_MINUTES = 5

/** The server's memory while many messages pass through it as fast as they can. */
export async function measureMemory(bench: Bench): Promise<void> {
  await pause(5000)
  const idle = await memoryOf(bench)
  const steps: string[] = []
  for (let step = 0; step < STEPS; step += 1) {
    await runLoad({
      origin: bench.server.url,
      path: bench.incomingPath,
      headers: bench.headers,
      body: incomingBody,
      concurrency: CONCURRENCY,
      requests: MEMORY_MESSAGES / STEPS,
    })
    await drained(bench)
    steps.push(await memoryOf(bench))
  }
  print('Server memory, resident / heap in use', `idle ${idle} MB`)
  print(`  after each fifth of ${MEMORY_MESSAGES} messages`, `${steps.join(', ')} MB`)
}

/** The same over hours, at a load as in use. */
export async function soak(bench: Bench): Promise<void> {
  const tellEvery = Math.min(TELL_EVERY_MINUTES, SOAK_MINUTES)
  print(
    `Server memory over ${SOAK_MINUTES} minutes`,
    `${STEADY_PER_SECOND} messages/s delivered, resident / heap in use`,
  )
  let n = 0
  for (let minute = 0; minute < SOAK_MINUTES; minute += tellEvery) {
    n = await runSteadily(bench, { from: n, until: performance.now() + tellEvery * 60_000 })
    print(`  after ${minute + tellEvery} minutes`, `${await memoryOf(bench)} MB, ${n} messages`)
  }
  await drained(bench)
}

/** One message at a time on a steady beat, however long each answer takes. */
async function runSteadily(bench: Bench, { from, until }: { from: number; until: number }): Promise<number> {
  const answers = new Set<Promise<void>>()
  let n = from
  for (let at = performance.now(); at < until; at += 1000 / STEADY_PER_SECOND) {
    await pause(Math.max(0, at - performance.now()))
    const answer = send(bench, n++).finally(() => answers.delete(answer))
    answers.add(answer)
  }
  await Promise.all(answers)
  return n
}

async function send(bench: Bench, n: number): Promise<void> {
  const answer = await fetch(bench.server.url + bench.incomingPath, {
    method: 'POST',
    headers: bench.headers,
    body: incomingBody(n),
  })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`A message was answered ${answer.status}.`)
}

async function memoryOf(bench: Bench): Promise<string> {
  const heap = await bench.heapMb()
  return `${bench.memoryMb().toFixed(0)} / ${heap.toFixed(0)}`
}
