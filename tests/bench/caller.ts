import { connect } from 'node:net'

export type Caller = {
  /** Posts a body and resolves to the answer's status once all of it has come. */
  post: (request: { path: string; headers: Record<string, string>; body: string }) => Promise<number>
  close: () => void
}

/**
 * One kept-alive connection that does no more than it must: on a machine that it shares with the server, what a whole
 * HTTP client costs would be measured with every row and make the rows look alike.
 */
export function openCaller(origin: string): Caller {
  const { hostname, port, host } = new URL(origin)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  let seen: Buffer = Buffer.alloc(0)
  let answered: { resolve: (status: number) => void; reject: (error: Error) => void } | null = null
  const fail = (error: Error) => answered?.reject(error)
  socket.on('data', (chunk: Buffer) => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk])
    const status = readStatus(seen)
    if (status === null) return
    seen = Buffer.alloc(0)
    answered?.resolve(status)
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The server ended the connection.')))
  return {
    post: ({ path, headers, body }) =>
      new Promise((resolve, reject) => {
        answered = { resolve, reject }
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
        const length = Buffer.byteLength(body)
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}content-length: ${length}\r\n\r\n${body}`,
        )
      }),
    close: () => {
      answered = null
      socket.destroy()
    },
  }
}

/** Null while part of the answer is on its way. */
export function readStatus(answer: Buffer): number | null {
  const head = answer.indexOf('\r\n\r\n')
  if (head === -1) return null
  const text = answer.toString('latin1', 0, head)
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(text) ?? []
  const isWhole =
    length === undefined
      ? answer.toString('latin1').endsWith('\r\n0\r\n\r\n')
      : answer.length >= head + 4 + Number(length)
  return isWhole ? Number(text.slice(9, 12)) : null
}
