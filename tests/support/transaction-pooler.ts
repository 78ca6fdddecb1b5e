import { createServer, type Server, type Socket } from 'node:net'
import {
  type Frame,
  frameReader,
  isEncryptionRequest,
  makeFrame,
  openSession,
  type Session,
} from '#tests/support/postgres-wire'

export type TransactionPooler = {
  /** The database's address by way of the pooler. */
  url: string
  /** Most clients that were connected at once since the last call. */
  mostClients: () => number
  /** Closes what clients leave idle, as poolers do after a while. */
  dropIdleClients: () => void
  close: () => Promise<void>
}

/** A session of Postgres with what is on its way in it. */
type Lent = Session & { client: Client | null }

type Client = {
  socket: Socket
  session: Lent | null
  /** Frames that wait for a session. */
  waiting: Buffer[]
  /** Answers to come: one for each end of a request. */
  unanswered: number
  /** Something was sent whose end was not. */
  isOpen: boolean
}

/** Each of these is answered by "ready for query" once. */
const ENDS = ['Q', 'S', 'F']
const TERMINATE = 'X'
const READY = 'Z'
const NOTIFICATION = 'A'
const IDLE = 'I'.charCodeAt(0)

/**
 * A pooler in transaction mode: a client has a session of Postgres for one transaction and gets another one, by turns,
 * for its next, so whatever rests on a session breaks. Takes no settings from clients and passes on no notifications.
 * Does not ask clients for a password.
 */
export async function startTransactionPooler(databaseUrl: string, { sessions = 4 } = {}): Promise<TransactionPooler> {
  const free: Lent[] = []
  const queue: Client[] = []
  const clients = new Set<Client>()
  let most = 0
  let isClosed = false

  async function open(): Promise<void> {
    const lent: Lent = { ...(await openSession(databaseUrl)), client: null }
    const read = frameReader({ startsUntyped: false })
    lent.socket.on('data', (chunk) => {
      for (const frame of read(chunk)) answer(lent, frame)
    })
    lent.socket.on('error', () => {})
    lent.socket.on('close', () => replace(lent))
    free.push(lent)
    lendNext()
  }

  function replace(lent: Lent): void {
    if (free.includes(lent)) free.splice(free.indexOf(lent), 1)
    lent.client?.socket.destroy()
    if (!isClosed) void open().catch(() => {})
  }

  function answer(lent: Lent, { type, body, bytes }: Frame): void {
    const { client } = lent
    if (type === NOTIFICATION || !client) return
    client.socket.write(bytes)
    if (type !== READY) return
    client.unanswered -= 1
    if (client.unanswered > 0 || client.isOpen || body[0] !== IDLE) return
    client.session = null
    lent.client = null
    free.push(lent)
    lendNext()
  }

  /** The session that has been idle longest: never the one that this client had just now. */
  function lendNext(): void {
    while (free.length > 0 && queue.length > 0) {
      const client = queue.shift()
      if (!client || client.socket.destroyed) continue
      const session = free.shift()
      if (!session) return
      session.client = client
      client.session = session
      for (const bytes of client.waiting.splice(0)) session.socket.write(bytes)
    }
  }

  function pass(client: Client, { type, bytes }: Frame): void {
    if (type === TERMINATE) return void client.socket.end()
    client.isOpen = !ENDS.includes(type)
    if (!client.isOpen) client.unanswered += 1
    if (client.session) return void client.session.socket.write(bytes)
    client.waiting.push(bytes)
    if (client.waiting.length === 1) queue.push(client)
    lendNext()
  }

  function serve(socket: Socket): void {
    const client: Client = { socket, session: null, waiting: [], unanswered: 0, isOpen: false }
    clients.add(client)
    most = Math.max(most, clients.size)
    const read = frameReader({ startsUntyped: true })
    socket.on('data', (chunk) => {
      for (const frame of read(chunk)) {
        if (isEncryptionRequest(frame)) socket.write('N')
        else if (frame.type === '') socket.write(welcome(free[0]))
        else pass(client, frame)
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      clients.delete(client)
      // What it was in the middle of is rolled back with its session.
      client.session?.socket.destroy()
    })
  }

  await Promise.all(Array.from({ length: sessions }, open))
  const server = await listen(serve)
  return {
    url: addressOf(server, databaseUrl),
    mostClients: () => {
      const seen = most
      most = clients.size
      return seen
    },
    dropIdleClients: () => {
      for (const { session, waiting, socket } of clients) if (!session && waiting.length === 0) socket.destroy()
    },
    close: async () => {
      isClosed = true
      for (const { socket, session } of clients) {
        socket.destroy()
        session?.socket.destroy()
      }
      for (const { socket } of free) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

let parameters: Buffer[] = []

/** Logged in, and ready. */
function welcome(session: Lent | undefined): Buffer {
  parameters = session?.parameters ?? parameters
  const loggedIn = makeFrame('R', Buffer.alloc(4))
  const cancelKey = makeFrame('K', Buffer.alloc(8))
  return Buffer.concat([loggedIn, ...parameters, cancelKey, makeFrame(READY, Buffer.from('I'))])
}

async function listen(serve: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ noDelay: true }, serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function addressOf(server: Server, databaseUrl: string): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The pooler has no port.')
  const url = new URL(databaseUrl)
  url.port = String(address.port)
  return url.href
}
