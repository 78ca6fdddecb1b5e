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

/** A body as people see it in the log: text as it is, a form by its fields with files named, not kept. */
export function describeBody(body: HttpRequest['body']): string | null {
  if (body === null || typeof body === 'string') return body
  if (body instanceof Uint8Array) return `(${body.byteLength} bytes)`
  const fields = [...body.entries()].map(([name, value]) =>
    typeof value === 'string'
      ? `${name}=${value}`
      : `${name}=@${value.name} (${value.type || 'unknown type'}, ${value.size} bytes)`,
  )
  return fields.join('\n')
}
