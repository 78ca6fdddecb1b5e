import { fileHeaders } from '#lib/endpoints/download-file'

type Recording = { filename: string; contentType: string; size: number; bytes: Uint8Array }

/**
 * A recording as a player asks for it: whole, or the part that `Range` names, without which Safari plays nothing and
 * nobody can skip. `?save=yes` saves it. What is no sound is only ever saved.
 */
export function playRecording(request: Request, { bytes, ...file }: Recording): Response {
  const headers = fileHeaders(file, bytes.length)
  const isSaved = new URL(request.url).searchParams.get('save') === 'yes'
  if (!isSaved && /^audio\//i.test(file.contentType)) headers.set('content-disposition', 'inline')
  headers.set('accept-ranges', 'bytes')
  const range = readRange(request.headers.get('range'), bytes.length)
  if (range === null) return new Response(Buffer.from(bytes), { headers })
  if (range === 'beyond') {
    return new Response(null, { status: 416, headers: { 'content-range': `bytes */${bytes.length}` } })
  }
  const part = bytes.subarray(range.from, range.to + 1)
  headers.set('content-length', String(part.length))
  headers.set('content-range', `bytes ${range.from}-${range.to}/${bytes.length}`)
  return new Response(Buffer.from(part), { status: 206, headers })
}

/** One range of RFC 9110; several, or another unit, are answered by the whole file, as the RFC allows. */
function readRange(header: string | null, size: number): { from: number; to: number } | 'beyond' | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return null
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (from >= size || (first === '' && Number(last) === 0)) return 'beyond'
  return from > to ? null : { from, to }
}
