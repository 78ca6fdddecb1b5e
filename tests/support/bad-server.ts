import http from 'node:http'
import net, { type AddressInfo, type Socket } from 'node:net'

const open: { server: net.Server; sockets: Set<Socket> }[] = []

/** A server that does with every connection what it is told; `closeServers` ends it. */
export function rawServer(serve: (socket: Socket) => void): Promise<string> {
  return listen(
    net.createServer((socket) => {
      socket.on('error', () => {})
      serve(socket)
    }),
  )
}

/** An HTTP server; `closeServers` ends it. */
export function httpServer(serve: http.RequestListener): Promise<string> {
  return listen(http.createServer(serve))
}

/** A port at which nobody listens. */
export async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

export async function closeServers(): Promise<void> {
  await Promise.all(
    open.splice(0).map(({ server, sockets }) => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    }),
  )
}

function listen(server: net.Server): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  open.push({ server, sockets })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${portOf(server)}/`)))
}

function portOf(server: net.Server): number {
  return (server.address() as AddressInfo).port // a listening TCP server always has one
}
