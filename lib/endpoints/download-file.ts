import type { EndpointDeps } from '#lib/endpoints/deps'
import { readFileLink } from '#lib/endpoints/file-links'
import { type OpenedAttachment, openAttachment } from '#lib/flows/open-attachment'
import { respond } from '#lib/http/respond'

/**
 * `GET /api/files/{token}`: one file of a message, for whoever holds a link of ours. What Front holds is streamed from
 * there; our token goes to Front alone.
 */
export function downloadFileEndpoint(
  _request: Request,
  { token }: { token: string },
  deps: EndpointDeps,
): Promise<Response> {
  return respond('file', async () => {
    const { messageId, index } = readFileLink(token, { keys: deps.keys, now: deps.now() })
    const { body, size, ...file } = await openAttachment(deps, { messageId, index })
    return new Response(body, { headers: fileHeaders(file, size) })
  })
}

/** The bytes of a file as an answer that no browser runs or shows in our name. */
export function fileHeaders(
  { filename, contentType }: Pick<OpenedAttachment, 'filename' | 'contentType'>,
  size: number | null,
): Headers {
  const plain = filename.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  const headers = new Headers({
    'content-type': /^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType : 'application/octet-stream',
    'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeName(filename)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'private, no-store',
  })
  if (size !== null) headers.set('content-length', String(size))
  return headers
}

/** RFC 8187: what encodeURIComponent leaves bare and a header may not hold. */
function encodeName(filename: string): string {
  return encodeURIComponent(filename.toWellFormed()).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
}
