import { getAttachmentSource, getFile } from '#db/queries/files'
import type { Attachment } from '#db/schema/messages'
import type { EndpointDeps } from '#lib/endpoints/deps'
import { readFileLink } from '#lib/endpoints/file-links'
import { AppError } from '#lib/errors'
import { downloadAttachment } from '#lib/front/download'
import { respond } from '#lib/http/respond'
import { unseal } from '#lib/secrets'

type Content = { body: BodyInit; size: number | null }

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
    const source = await getAttachmentSource(deps.db, messageId)
    const file = source?.attachments[index]
    if (!source || !file) throw new AppError('not_found', 'This file is no longer kept.')
    const content = file.fileId ? await openStored(deps, file.fileId) : await openAtFront(deps, source, file)
    return new Response(content.body, { headers: fileHeaders(file, content.size) })
  })
}

/** The bytes of a file as an answer that no browser runs or shows in our name. */
export function fileHeaders({ filename, contentType }: Attachment, size: number | null): Headers {
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

async function openStored({ db }: EndpointDeps, fileId: string): Promise<Content> {
  const file = await getFile(db, fileId)
  if (!file) throw new AppError('not_found', 'This file is no longer kept.')
  return { body: new Uint8Array(file.bytes), size: file.size }
}

type Source = NonNullable<Awaited<ReturnType<typeof getAttachmentSource>>>

async function openAtFront({ keys, open }: EndpointDeps, source: Source, file: Attachment): Promise<Content> {
  if (!file.frontId) throw new AppError('not_found', 'Front did not say where this file is.')
  if (!source.apiTokenSealed)
    throw new AppError('unavailable', 'Patchbay has no API token to fetch this file from Front.')
  return downloadAttachment({
    baseUrl: source.frontBaseUrl,
    token: unseal(source.apiTokenSealed, keys),
    messageId: source.frontMessageId,
    attachmentId: file.frontId,
    open,
  })
}

/** RFC 8187: what encodeURIComponent leaves bare and a header may not hold. */
function encodeName(filename: string): string {
  return encodeURIComponent(filename.toWellFormed()).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
}
