import { setTimeout as pause } from 'node:timers/promises'
import { pollUntil } from '#tests/faults/installation'
import { type Group, openTalks, type Row, recovery } from '#tests/faults/row'
import { type ClaimTally, tallyClaims } from '#tests/support/claim-tally'

const LOAD_MS = 300
/** Each way, one for each conversation. */
const IN_FLIGHT = 6
/** Claims after which a worker can be said to share the work. */
const SHARE = 20

const oneOfTwo: Row = {
  name: 'two workers, one killed',
  how: 'Two servers on one database take letters in turn; while both wait for answers that are kept back, one is killed with -9 and stays away.',
  run: async ({ installation, line }) => {
    const talks = await openTalks(line)
    const { servers } = installation
    const [killed, survivor] = servers
    const sides = [line.front, line.provider]
    const arrived = sides.map((side) => side.arrivals.length)
    const releases = sides.map((side) => side.holdAnswers())
    await line.send(talks, { letters: 3, servers })
    await Promise.all(sides.map((side, n) => side.untilArrived((arrived[n] ?? 0) + IN_FLIGHT)))
    const killedAt = performance.now()
    await killed?.kill()
    // The other sides must have seen whose connections ended before they answer the rest.
    await pause(LOAD_MS)
    for (const release of releases) release()
    await line.send(talks, { letters: 2, servers: survivor && [survivor] })
    await line.drained()
    const recoveryMs = performance.now() - killedAt
    await killed?.start()
    return { injected: 1, recoveryMs }
  },
}

const terminate: Row = {
  name: 'SIGTERM during load',
  how: 'One of two servers is told to end while both are busy, then it is started again; two times. It must end with code 0.',
  run: async ({ installation, line }) => {
    const talks = await openTalks(line)
    const { servers } = installation
    const [server] = servers
    let isOver = false
    const load = line.send(talks, { letters: 100_000, servers, isOver: () => isOver })
    const wrong: string[] = []
    for (let time = 1; time <= 2; time += 1) {
      await pause(LOAD_MS)
      const code = await server?.terminate()
      if (code !== 0) wrong.push(`the server ended with ${code}`)
      await server?.start()
    }
    await pause(LOAD_MS)
    isOver = true
    await load
    return { injected: 2, recoveryMs: await recovery(line), wrong }
  },
}

const threeServers: Row = {
  name: 'three servers, one killed, one stopped',
  how: 'Three servers on one database share the load; under it one is killed with -9 and one told to end, and both come back.',
  run: async ({ installation, line }) => {
    const talks = await openTalks(line)
    const { servers, postgres } = installation
    const [, killed, stopped] = servers
    const tally = await tallyClaims(postgres.connection)
    let isOver = false
    const load = line.send(talks, { letters: 100_000, servers, isOver: () => isOver })
    await shared(tally, 3)
    const before = await tally.counts()
    await killed?.kill()
    await pause(LOAD_MS)
    const code = await stopped?.terminate()
    await pause(LOAD_MS)
    await Promise.all([killed?.start(), stopped?.start()])
    // Two that are gone and three that are there.
    await shared(tally, 5)
    isOver = true
    await load
    const recoveryMs = await recovery(line)
    const after = await tally.counts()
    await tally.end()
    const told = `claims of each worker: ${before.join(', ')} before the kill; ${after.join(', ')} in the end`
    return { injected: 2, recoveryMs, told, wrong: code === 0 ? [] : [`the server ended with ${code}`] }
  },
}

/** Waits until so many workers have claimed a good number each. */
async function shared(tally: ClaimTally, workers: number): Promise<void> {
  await pollUntil(async () => (await tally.counts()).filter((count) => count >= SHARE).length >= workers)
}

export const threeWorkers: Group = { servers: 3, rows: [threeServers] }
export const workers: Group = { servers: 2, rows: [oneOfTwo, terminate] }
