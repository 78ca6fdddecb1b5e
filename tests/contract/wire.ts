import type { FrontRequest } from '#lib/front/transport'
import { encodeBody } from '#lib/http/encode-body'

/** What a request's body is on the wire: encoded as for sending, then read back by a parser that is not ours. */
export async function readWire(request: FrontRequest): Promise<{ contentType: string; body: unknown }> {
  const { headers, body } = await encodeBody(request)
  const contentType = headers['content-type'] ?? ''
  const bytes = new Uint8Array(body ?? [])
  if (!contentType.startsWith('multipart/')) {
    return { contentType, body: JSON.parse(new TextDecoder().decode(bytes)) }
  }
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData()
  return { contentType, body: nest(form) }
}

/** Bracket notation to objects; numbered names to lists; a file to its name. */
function nest(form: FormData): unknown {
  const root = {}
  for (const [name, value] of form) {
    const path = name.replaceAll(']', '').split('[')
    put(root, path, typeof value === 'string' ? value : value.name)
  }
  return asLists(root)
}

function put(place: object, [name = '', ...rest]: string[], value: string): void {
  if (rest.length === 0) Reflect.set(place, name, value)
  else {
    if (!Object.hasOwn(place, name)) Reflect.set(place, name, {})
    put(Reflect.get(place, name), rest, value)
  }
}

function asLists(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, child]): [string, unknown] => [key, asLists(child)])
  const isList = entries.length > 0 && entries.every(([key], index) => key === String(index))
  return isList ? entries.map(([, child]) => child) : Object.fromEntries(entries)
}
