import { createHash } from 'node:crypto'
import type { Door } from '#db/queries/intake'
import { AppError } from '#lib/errors'
import type { IncomingFile } from '#lib/flows/store-provider-message'
import { parseForm } from '#lib/http/parse-form'
import type { BodyLimit } from '#lib/http/read-body'
import { parseJson, storableJson, storableText } from '#lib/http/storable'
import { decodeMultipart } from '#lib/provider/multipart'

const JSON_LIMIT_BYTES = 4_000_000

export type BodyKind = 'json' | 'form'

export type Content = {
  /** What JSON or a form says, parsed and fit for storage. */
  raw: unknown
  files: IncomingFile[]
  /** The same for the same content, however it was written: key order, boundaries and spaces do not count. */
  hash: string
}

/** @throws AppError `unsupported_media_type` */
export function bodyKind(headers: Headers): BodyKind {
  const encoding = headers.get('content-encoding')
  if (encoding && encoding.toLowerCase() !== 'identity') {
    throw new AppError('unsupported_media_type', 'Send the body without Content-Encoding.')
  }
  const [type, ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';')
  const charset = parameters.map((one) => /^\s*charset="?([^"\s]+)"?\s*$/.exec(one)?.[1]).find(Boolean)
  if (charset && charset !== 'utf-8' && charset !== 'utf8') {
    throw new AppError('unsupported_media_type', 'Send the body as UTF-8.')
  }
  if (type?.trim() === 'application/json') return 'json'
  if (type?.trim() === 'multipart/form-data') return 'form'
  throw new AppError('unsupported_media_type', 'Send Content-Type application/json, or multipart/form-data with files.')
}

export function bodyLimit(kind: BodyKind, door: Pick<Door, 'maxBodyBytes'>): BodyLimit {
  if (kind === 'json') return { bytes: Math.min(JSON_LIMIT_BYTES, door.maxBodyBytes), what: 'JSON' }
  return { bytes: door.maxBodyBytes, what: 'this channel' }
}

/** @throws AppError `bad_request` when it cannot be read, `invalid_input` for a form with impossible names */
export async function readContent(kind: BodyKind, bytes: Buffer, contentType: string): Promise<Content> {
  const { fields, files } =
    kind === 'json' ? { fields: parseJson(bytes), files: [] } : await readForm(bytes, contentType)
  return { raw: fields, files, hash: hashContent(fields, files) }
}

async function readForm(bytes: Buffer, contentType: string): Promise<{ fields: unknown; files: IncomingFile[] }> {
  const { fields, files } = decodeMultipart(await parseForm(bytes, contentType))
  return { fields: storableJson(fields), files: await Promise.all(files.map(toIncomingFile)) }
}

async function toIncomingFile(file: File): Promise<IncomingFile> {
  const name = storableText(file.name.split(/[\\/]/).at(-1) ?? '').replaceAll(/\p{Cc}/gu, '')
  const isMediaType = /^[\w.+-]{1,100}\/[\w.+-]{1,100}(;.{0,100})?$/.test(file.type)
  return {
    filename: name.slice(-200) || 'file',
    contentType: isMediaType ? file.type : 'application/octet-stream',
    bytes: Buffer.from(await file.arrayBuffer()),
  }
}

function hashContent(fields: unknown, files: IncomingFile[]): string {
  const hash = createHash('sha256').update(JSON.stringify(sorted(fields)))
  for (const { filename, contentType, bytes } of files) {
    hash.update(`\n${JSON.stringify([filename, contentType, bytes.length])}\n`).update(bytes)
  }
  return hash.digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, sorted(item)])
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
