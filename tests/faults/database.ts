import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { endSessions, type Installation } from '#tests/faults/installation'
import type { Line } from '#tests/faults/line'
import { type Group, openTalks, type Row, recovery } from '#tests/faults/row'

const LOAD_MS = 500
const DOWN_MS = 3000
const TIMES = 2

/** Letters without end while something is done to the database. */
async function underLoad(line: Line, work: () => Promise<void>): Promise<void> {
  const talks = await openTalks(line)
  let isOver = false
  const load = line.send(talks, { letters: 100_000, isOver: () => isOver })
  await pause(LOAD_MS)
  await work()
  isOver = true
  await load
}

const killed: Row = {
  name: 'Postgres killed with -9 and restarted',
  how: 'Under load, the database’s main process is killed with -9, stays away for three seconds and recovers; two times.',
  run: async ({ installation, line }) => {
    await underLoad(line, async () => {
      for (let time = 0; time < TIMES; time += 1) {
        await installation.postgres.kill()
        await pause(DOWN_MS)
        await installation.postgres.restart()
        await pause(LOAD_MS)
      }
    })
    return { injected: TIMES, recoveryMs: await recovery(line) }
  },
}

const cut: Row = {
  name: 'connections to Postgres reset',
  how: 'Under load, every connection between server and database is reset at once; ten times.',
  run: async ({ installation, line }) => {
    const times = 10
    await underLoad(line, async () => {
      for (let time = 0; time < times; time += 1) {
        installation.postgres.proxy.cut()
        await pause(LOAD_MS / 2)
      }
    })
    return { injected: times, recoveryMs: await recovery(line) }
  },
}

const full: Row = {
  name: 'Postgres full of connections',
  how: 'Under load, others take every connection that Postgres has and the server’s own are ended, so that it gets none for three seconds; two times.',
  run: async ({ installation, line }) => {
    await underLoad(line, async () => {
      for (let time = 0; time < TIMES; time += 1) {
        await crowd(installation)
        await pause(LOAD_MS)
      }
    })
    return { injected: TIMES, recoveryMs: await recovery(line) }
  },
}

/** Opens connections until none is left, for a while. */
async function crowd(installation: Installation): Promise<void> {
  const others: postgres.Sql[] = []
  const end = performance.now() + DOWN_MS
  await endSessions(installation)
  while (performance.now() < end) {
    const more = Array.from({ length: 20 }, () =>
      postgres(installation.postgres.asideUrl, { max: 1, onnotice: () => {} }),
    )
    others.push(...more)
    await Promise.all(more.map((one) => one`select 1`.catch(() => {})))
    await endSessions(installation)
  }
  await Promise.all(others.map((one) => one.end({ timeout: 1 })))
}

export const database: Group = { rows: [cut, full, killed] }
