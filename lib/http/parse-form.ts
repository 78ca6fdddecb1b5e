import { AppError } from '#lib/errors'
import { isSafeKey, storableText } from '#lib/http/storable'

const MOST_PARTS = 500
const DEEPEST_NAME = 8

export type FormFile = { field: string; filename: string; contentType: string; bytes: Buffer }
export type ParsedForm = { fields: Record<string, unknown>; files: FormFile[] }

/**
 * A multipart body as Front's API takes it (front-protocol 3.16): `sender[handle]` becomes `{ sender: { handle } }`,
 * every value a text; files apart.
 * @throws AppError `bad_request` when it cannot be read or has more than 500 parts
 */
export async function parseForm(bytes: Buffer, contentType: string): Promise<ParsedForm> {
  refuseManyParts(bytes, contentType)
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } })
    .formData()
    .catch((cause: unknown) => {
      throw new AppError('bad_request', 'The body cannot be read as multipart/form-data.', { cause })
    })
  const fields: Record<string, unknown> = {}
  const files: FormFile[] = []
  for (const [name, value] of form) {
    if (typeof value === 'string') setField(fields, name, storableText(value))
    else files.push(await toFile(name, value))
  }
  return { fields, files }
}

// The parser keeps every part as an object: a body of tiny parts would cost far more memory than its size.
function refuseManyParts(bytes: Buffer, contentType: string): void {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  const mark = boundary?.[1] ?? boundary?.[2]
  if (!mark) throw new AppError('bad_request', 'The Content-Type of a multipart body must name its boundary.')
  let parts = 0
  for (let at = bytes.indexOf(`--${mark}`); at !== -1; at = bytes.indexOf(`--${mark}`, at + mark.length + 2)) {
    parts += 1
    if (parts > MOST_PARTS + 1) throw new AppError('bad_request', `The body has more than ${MOST_PARTS} parts.`)
  }
}

async function toFile(field: string, file: File): Promise<FormFile> {
  const name = storableText(file.name.split(/[\\/]/).at(-1) ?? '').replaceAll(/\p{Cc}/gu, '')
  return {
    field,
    filename: name.slice(-200) || 'file',
    contentType: mediaType(file.type),
    bytes: Buffer.from(await file.arrayBuffer()),
  }
}

function mediaType(type: string): string {
  return /^[\w.+-]{1,100}\/[\w.+-]{1,100}(;.{0,100})?$/.test(type) ? type : 'application/octet-stream'
}

/** `a[b][c]` sets fields.a.b.c. A name that fits nowhere is kept whole, so that nothing sent is lost from the log. */
function setField(fields: Record<string, unknown>, name: string, value: string): void {
  const path = [...name.matchAll(/^[^[\]]+|\[([^[\]]*)\]/g)].map((part) => storableText(part[1] ?? part[0]))
  if (!path.every(isSafeKey)) return
  const fits = path.length > 0 && path.length <= DEEPEST_NAME && joined(path) === storableText(name)
  const last = fits ? (path.pop() ?? '') : storableText(name)
  let place = fields
  for (const key of fits ? path : []) {
    const next = Object.hasOwn(place, key) ? place[key] : undefined
    if (isRecord(next)) place = next
    else {
      const made: Record<string, unknown> = {}
      place[key] = made
      place = made
    }
  }
  place[last] = value
}

function joined([first, ...rest]: string[]): string {
  return `${first}${rest.map((key) => `[${key}]`).join('')}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
