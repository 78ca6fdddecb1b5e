import { type Connection, connect } from '#db/client'
import { startEmbeddedPostgres } from '#lib/server/embedded-postgres'
import { postgresHome, readPostmaster } from '#lib/server/postgres-home'
import { isAlive, waitUntil } from '#lib/server/processes'
import { type FaultProxy, startFaultProxy } from '#tests/faults/proxy'

export type BreakablePostgres = {
  /** Where the servers find it, by way of `proxy`. */
  url: string
  proxy: FaultProxy
  /** Another way to it, since what the tests look at must not suffer from what they break. */
  asideUrl: string
  connection: Connection
  version: () => Promise<string>
  /** kill -9 of its main process; the others end by themselves. */
  kill: () => Promise<void>
  restart: () => Promise<void>
  stop: () => Promise<void>
}

/** A real Postgres that keeps its address when it is killed and started again. */
export async function startBreakablePostgres(folder: string): Promise<BreakablePostgres> {
  let postgres = await startEmbeddedPostgres(folder)
  const portOf = (url: string) => Number(new URL(url).port)
  const proxy = await startFaultProxy(portOf(postgres.url))
  const aside = await startFaultProxy(portOf(postgres.url))
  const urlBy = ({ port }: FaultProxy) => Object.assign(new URL(postgres.url), { port: String(port) }).href
  const connection = connect(urlBy(aside), { max: 4, name: 'faults' })
  return {
    url: urlBy(proxy),
    proxy,
    asideUrl: urlBy(aside),
    connection,
    version: async () => {
      const [row] = await connection.sql<{ v: string }[]>`select current_setting('server_version') as v`
      return row?.v.split(' ')[0] ?? ''
    },
    kill: async () => {
      const pid = readPostmaster(postgresHome(folder))?.pid
      if (pid === undefined) throw new Error('Postgres does not run.')
      process.kill(pid, 'SIGKILL')
      await waitUntil(() => !isAlive(pid), 10_000)
    },
    restart: async () => {
      postgres = await startEmbeddedPostgres(folder)
      for (const way of [proxy, aside]) way.aim(portOf(postgres.url))
    },
    stop: async () => {
      await connection.end()
      await Promise.all([proxy.stop(), aside.stop()])
      await postgres.stop()
    },
  }
}
