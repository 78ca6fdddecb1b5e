import type { HttpRequest } from '#lib/http/http-result'

/** A request's body as bytes. A form brings its content type along, since only its encoder knows the boundary. */
export async function encodeBody({ headers, body }: Pick<HttpRequest, 'headers' | 'body'>): Promise<{
  headers: Record<string, string>
  body: Uint8Array | null
}> {
  if (body === null) return { headers, body: null }
  if (typeof body === 'string') return { headers, body: Buffer.from(body) }
  if (body instanceof Uint8Array) return { headers, body }
  const encoded = new Response(body)
  const contentType = encoded.headers.get('content-type') ?? ''
  return { headers: { ...headers, 'content-type': contentType }, body: new Uint8Array(await encoded.arrayBuffer()) }
}
