import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Connection, connect } from '#db/client'
import { type FaultProxy, startFaultProxy } from '#tests/faults/proxy'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const CALLERS = 20
const CUTS = 8
let proxy: FaultProxy
let connection: Connection

beforeAll(async () => {
  proxy = await startFaultProxy(Number(new URL(database.url).port))
  connection = connect(Object.assign(new URL(database.url), { port: String(proxy.port) }).href, { max: 4 })
})

afterAll(async () => {
  await connection.end()
  await proxy.stop()
  await database.close()
})

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('queries of a connection that is reset fail at once, the next ones work, and nobody gets the answer of another', async () => {
  const counts = Array.from({ length: CALLERS }, () => 0)
  const seen = { wrong: 0, failed: 0 }
  let isOver = false
  const ask = async (_: unknown, n: number) => {
    while (!isOver) {
      const rows = await connection.sql<{ n: number }[]>`select ${n}::int as n`.catch(() => null)
      if (rows?.length === 1 && rows[0]?.n === n) counts[n] = (counts[n] ?? 0) + 1
      else if (rows) seen.wrong += 1
      else seen.failed += 1
      await turn()
    }
  }
  const asking = Promise.all(counts.map(ask))
  for (let cut = 0; cut < CUTS; cut += 1) {
    const before = [...counts]
    // Everybody is served again after each reset.
    while (counts.some((count, n) => count < (before[n] ?? 0) + 2)) await turn()
    proxy.cut()
  }
  isOver = true
  await asking
  expect(seen.wrong).toBe(0)
  expect(seen.failed).toBeGreaterThan(0)
})
