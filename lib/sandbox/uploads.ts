import { AppError } from '#lib/errors'
import { storableText } from '#lib/http/storable'
import type { ReceivedFile } from '#lib/sandbox/front/fields'

const MAX_FILE_BYTES = 800_000
const MAX_TEXT = 20_000

/** @throws AppError when the file is larger than a form of the sandbox takes */
export async function readUpload(value: FormDataEntryValue | null): Promise<ReceivedFile[]> {
  if (!(value instanceof File) || value.size === 0) return []
  if (value.size > MAX_FILE_BYTES) throw new AppError('payload_too_large', 'The sandbox takes files up to 800 kB.')
  const bytes = Buffer.from(await value.arrayBuffer())
  const contentType = value.type || 'application/octet-stream'
  return [{ filename: storableText(value.name).slice(-200) || 'file', contentType, bytes }]
}

/** @throws AppError when there is neither a text nor a file */
export function readText(value: FormDataEntryValue | null, files: readonly ReceivedFile[]): string {
  const text = typeof value === 'string' ? storableText(value).trim() : ''
  if (text === '' && files.length === 0) throw new AppError('invalid_input', 'Write something first.')
  if (text.length > MAX_TEXT) throw new AppError('invalid_input', `Keep it under ${MAX_TEXT} characters.`)
  return text
}
