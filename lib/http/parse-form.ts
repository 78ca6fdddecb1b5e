import { AppError } from '#lib/errors'

const MOST_PARTS = 300

/** @throws AppError `bad_request` when the bytes cannot be read as multipart/form-data or hold more than 300 parts */
export async function parseForm(bytes: Buffer, contentType: string): Promise<FormData> {
  refuseManyParts(bytes, contentType)
  try {
    return await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData()
  } catch (cause) {
    throw new AppError('bad_request', 'The body cannot be read as multipart/form-data.', { cause })
  }
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
