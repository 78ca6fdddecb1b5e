import { connect as connectTcp, createServer, type Socket } from 'node:net'

export type StallingProxy = {
  /** The database's URL by way of the proxy. */
  url: string
  /** From now on nothing goes through, while connections stay open; or nothing from the bytes on that hold this text. */
  stall: (from?: string) => void
  /** Lets through what waited, and all that comes. */
  resume: () => void
  close: () => Promise<void>
}

/** Stands between us and Postgres, and can fall silent as a network does: without closing anything. */
export async function stallingProxy(databaseUrl: string): Promise<StallingProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let stalledFrom: string | null = null
  let release: (() => void)[] = []
  const pass = (from: Socket, to: Socket, isClient: boolean) => {
    from.on('data', (bytes) => {
      const go = () => to.write(bytes)
      if (release.length > 0 || (isClient && stalledFrom !== null && bytes.includes(stalledFrom))) release.push(go)
      else go()
    })
    from.on('close', () => to.destroy())
    from.on('error', () => to.destroy())
  }
  const server = createServer((client) => {
    const upstream = connectTcp(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) sockets.add(socket)
    pass(client, upstream, true)
    pass(upstream, client, false)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${address.port}`
  return {
    url: url.href,
    stall: (from = '') => {
      stalledFrom = from
    },
    resume: () => {
      stalledFrom = null
      const waiting = release
      release = []
      for (const go of waiting) go()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
