import net, { type AddressInfo, type Socket } from 'node:net'
import { createCondition } from '#tests/faults/condition'

/** What the proxy does to a connection, decided when its first bytes arrive. */
export type Fault =
  /** Ends it with a reset as soon as the request begins. */
  | { kind: 'reset' }
  /** Takes the request and never passes it on: the other side hears nothing of it. */
  | { kind: 'hang' }
  /** Passes the request on, and of the answer one byte in so many milliseconds. */
  | { kind: 'drip'; everyMs: number }
  /** Passes on the answer but for its last so many bytes, and ends the connection. */
  | { kind: 'truncate'; bytes: number }
  /** Passes the request on and resets the connection when the answer comes. */
  | { kind: 'drop_answer' }

type Plan = { fault: Fault; left: number; only: RegExp }

export type FaultProxy = {
  url: string
  port: number
  /** From now on this happens to the next `times` new connections whose first bytes match `only`; open ones are cut. */
  inject: (fault: Fault, options?: { times?: number; only?: RegExp }) => void
  /** Takes no connections at all from now on; open ones are cut. */
  refuse: () => Promise<void>
  /** Back to normal for new connections. What hangs goes on hanging until it is cut. */
  pass: () => Promise<void>
  /** Ends every open connection with a reset. */
  cut: () => void
  /** Leads new connections to another port of this machine. */
  aim: (port: number) => void
  /** Connections that a fault has hit so far. */
  injected: () => number
  /** Resolves when that many have been hit. */
  untilInjected: (count: number) => Promise<void>
  stop: () => Promise<void>
}

/** A TCP proxy on this machine that leads to a port of it and breaks what it is told to break. */
export async function startFaultProxy(target: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>()
  const hits = createCondition()
  let plan: Plan | null = null
  let aim = target
  let injected = 0

  const keep = (socket: Socket) => {
    sockets.add(socket)
    return socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  }
  const open = () => keep(net.connect(aim, '127.0.0.1'))
  const onHit = () => {
    injected += 1
    hits.changed()
  }
  const server = net.createServer((client) => {
    keep(client).once('data', (first: Buffer) => carry({ client, first, fault: chooseFault(plan, first), open, onHit }))
  })
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo // a listening TCP server always has one
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  const refuse = async () => {
    const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : null
    cut()
    await closed
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    inject: (fault, { times = Number.POSITIVE_INFINITY, only = /^/ } = {}) => {
      plan = { fault, left: times, only }
      cut()
    },
    refuse,
    pass: async () => {
      plan = null
      if (!server.listening) await listen(port)
    },
    cut,
    aim: (to) => {
      aim = to
    },
    injected: () => injected,
    untilInjected: (count) => hits.until(() => injected >= count),
    stop: refuse,
  }
}

function chooseFault(plan: Plan | null, first: Buffer): Fault | null {
  if (!plan || plan.left <= 0 || !plan.only.test(first.toString('latin1'))) return null
  plan.left -= 1
  return plan.fault
}

type Connection = { client: Socket; first: Buffer; fault: Fault | null; open: () => Socket; onHit: () => void }

function carry({ client, first, fault, open, onHit }: Connection): void {
  if (fault?.kind === 'reset' || fault?.kind === 'hang') {
    onHit()
    if (fault.kind === 'reset') client.resetAndDestroy()
    else client.on('data', () => {}) // read and forgotten
    return
  }
  const upstream = open()
  client.on('close', () => upstream.destroy())
  upstream.write(first)
  client.pipe(upstream)
  if (fault) {
    upstream.once('data', onHit)
    spoil(fault, upstream, client)
  } else {
    upstream.on('close', () => client.destroy())
    upstream.pipe(client)
  }
}

function spoil(fault: Exclude<Fault, { kind: 'reset' | 'hang' }>, upstream: Socket, client: Socket): void {
  if (fault.kind === 'drop_answer') upstream.once('data', () => client.resetAndDestroy())
  if (fault.kind === 'truncate') upstream.once('data', (answer: Buffer) => client.end(answer.subarray(0, -fault.bytes)))
  if (fault.kind !== 'drip') return
  const bytes: number[] = []
  upstream.on('data', (answer: Buffer) => bytes.push(...answer))
  const timer = setInterval(() => client.write(Buffer.from(bytes.splice(0, 1))), fault.everyMs)
  client.on('close', () => clearInterval(timer))
}
