import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A Front that takes everything at once, so that what is measured is Patchbay. */
export async function startFakeFront(): Promise<{ url: string; close: () => void }> {
  let uid = 0
  const server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const isLook = request.method === 'GET'
      const body = isLook ? message(request.url ?? '') : { status: 'accepted', message_uid: `uid${uid++}` }
      response.writeHead(isLook ? 200 : 202, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has a port
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

function message(path: string) {
  const id = path.slice(path.lastIndexOf('%3A') + 3)
  return { id: `msg_${id}`, message_uid: id, _links: { related: { conversation: `/conversations/cnv_${id}` } } }
}
