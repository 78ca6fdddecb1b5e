import { setTimeout as pause } from 'node:timers/promises'
import { type Group, openTalks, type Row, recovery } from '#tests/faults/row'

const LOAD_MS = 300
/** Each way, one for each conversation. */
const IN_FLIGHT = 6

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

export const workers: Group = { servers: 2, rows: [oneOfTwo, terminate] }
