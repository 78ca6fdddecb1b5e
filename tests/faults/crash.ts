import { sql } from 'drizzle-orm'
import { endSessions, type Installation, lockTable, pollUntil, untilBlocked } from '#tests/faults/installation'
import type { Line } from '#tests/faults/line'
import { type Group, type Made, openTalks, type Row, recovery } from '#tests/faults/row'

const LETTERS = 2
/** Deliveries in flight at once: a lane each way of six conversations. */
const IN_FLIGHT = 12

/** kill -9, then a new start on the same database; the clock runs from the kill. */
async function crash(installation: Installation, line: Line, { meanwhile = async () => {} } = {}): Promise<Made> {
  const killedAt = performance.now()
  await installation.server.kill()
  await endSessions(installation)
  await meanwhile()
  await installation.server.start()
  await line.drained()
  return { injected: 1, recoveryMs: performance.now() - killedAt }
}

const beforeCommit: Row = {
  name: 'kill -9 before the commit of an accept',
  how: 'A lock in Postgres stops the accepts in the middle of storing; then the server is killed and its sessions are ended.',
  run: async ({ installation, line }) => {
    const talks = await openTalks(line)
    const unlock = await lockTable(installation, 'deliveries', 'SHARE')
    const sent = line.send(talks, { letters: LETTERS })
    await untilBlocked(installation, 6)
    const made = await crash(installation, line, { meanwhile: unlock })
    await sent
    return { ...made, recoveryMs: made.recoveryMs + (await recovery(line)) }
  },
}

const afterCommit: Row = {
  name: 'kill -9 right after the commit of an accept',
  how: 'Postgres tells the tests of every commit that stored a message, and at the fifth the server is killed, before most callers have their answer. Deliveries are held until then.',
  run: async ({ installation, line }) => {
    const talks = await openTalks(line)
    const { sql: client } = installation.postgres.connection
    await client.unsafe(TELL_OF_MESSAGES)
    await line.hold(true)
    let commits = 0
    const enough = new Promise<void>((resolve) => {
      void client.listen('faults_commit', () => {
        commits += 1
        if (commits === 5) resolve()
      })
    })
    const sent = line.send(talks, { letters: LETTERS })
    await enough
    const made = await crash(installation, line, { meanwhile: () => line.hold(false) })
    await sent
    await client.unsafe('drop function faults_commit cascade')
    return { ...made, recoveryMs: made.recoveryMs + (await recovery(line)) }
  },
}

/** A notification goes out with the commit, not before. */
const TELL_OF_MESSAGES = `
  create function faults_commit() returns trigger language plpgsql as $$
    begin perform pg_notify('faults_commit', new.id::text); return null; end $$;
  create trigger faults_commit after insert on messages for each row execute function faults_commit()`

const claimed: Row = {
  name: 'kill -9 after the claim',
  how: 'Deliveries have been claimed and a lock in Postgres stops the worker while it loads them; then the server is killed.',
  run: async ({ installation, line }) => {
    const talks = await openTalks(line)
    await line.hold(true)
    await line.send(talks, { letters: LETTERS })
    const unlock = await lockTable(installation, 'channel_keys', 'ACCESS EXCLUSIVE')
    await line.hold(false)
    await pollUntil(async () => (await leases(installation, line)) === IN_FLIGHT)
    await untilBlocked(installation, 1)
    return crash(installation, line, { meanwhile: unlock })
  },
}

async function leases({ db }: Installation, line: Line): Promise<number> {
  const [row] = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from lanes where channel_id = ${line.channel.id} and lease is not null`,
  )
  return row?.n ?? 0
}

const midRequest: Row = {
  name: 'kill -9 in the middle of the requests',
  how: 'Every delivery’s request has left and was stopped on the wire before the other side read it; then the server is killed.',
  run: async ({ installation, line }) => {
    const talks = await openTalks(line)
    const proxies = [line.toFront, line.toProvider]
    for (const proxy of proxies) proxy.inject({ kind: 'hang' }, { only: /^POST / })
    await line.send(talks, { letters: LETTERS })
    await Promise.all(proxies.map((proxy) => proxy.untilInjected(IN_FLIGHT / 2)))
    const pass = async () => {
      await Promise.all(proxies.map((proxy) => proxy.pass()))
    }
    return crash(installation, line, { meanwhile: pass })
  },
}

const beforeAnswer: Row = {
  name: 'kill -9 before the answers',
  how: 'The other sides have taken the messages in and keep their answers back; then the server is killed.',
  run: async ({ installation, line }) => {
    const talks = await openTalks(line)
    const sides = [line.front, line.provider]
    const arrived = sides.map((side) => side.arrivals.length)
    const releases = sides.map((side) => side.holdAnswers())
    await line.send(talks, { letters: LETTERS })
    await Promise.all(sides.map((side, n) => side.untilArrived((arrived[n] ?? 0) + IN_FLIGHT / 2)))
    const release = async () => {
      for (const one of releases) one()
    }
    return crash(installation, line, { meanwhile: release })
  },
}

const beforeSettle: Row = {
  name: 'kill -9 after the answers, before they are written down',
  how: 'The answers have come and a lock in Postgres stops the worker from writing them down; then the server is killed and its sessions are ended.',
  run: async ({ installation, line }) => {
    const talks = await openTalks(line)
    const sides = [line.front, line.provider]
    const arrived = sides.map((side) => side.arrivals.length)
    await line.hold(true)
    await line.send(talks, { letters: LETTERS })
    const unlock = await lockTable(installation, 'attempts', 'SHARE')
    await line.hold(false)
    await Promise.all(sides.map((side, n) => side.untilArrived((arrived[n] ?? 0) + IN_FLIGHT / 2)))
    await untilBlocked(installation, 1)
    const made = await crash(installation, line, { meanwhile: unlock })
    return { ...made, answersLost: IN_FLIGHT }
  },
}

export const crashes: Group = {
  rows: [beforeCommit, afterCommit, claimed, midRequest, beforeAnswer, beforeSettle],
}
