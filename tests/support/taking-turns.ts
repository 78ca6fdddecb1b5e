import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

export type TakingTurns = { port: number; leadTo: (ports: number[]) => void; close: () => Promise<void> }

/** One address before several servers, which get the requests by turns: none sees two in a row. */
export async function startTakingTurns(): Promise<TakingTurns> {
  let ports: number[] = []
  let turn = 0
  const server = createServer((incoming, outgoing) => {
    const port = ports[turn++ % ports.length]
    if (port === undefined) outgoing.writeHead(503).end()
    else passOn(incoming, outgoing, port)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    leadTo: (all) => {
      ports = all
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function passOn(incoming: IncomingMessage, outgoing: ServerResponse, port: number): void {
  const { method, url: path, headers } = incoming
  const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    answer.pipe(outgoing)
    answer.on('error', () => outgoing.destroy())
  })
  onward.on('error', () => outgoing.destroy())
  outgoing.on('close', () => onward.destroy())
  incoming.pipe(onward)
}
