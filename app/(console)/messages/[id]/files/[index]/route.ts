import { z } from 'zod'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { AppError } from '#lib/errors'
import { openAttachment } from '#lib/flows/open-attachment'
import { outboundDownload } from '#lib/http/outbound'
import { respond } from '#lib/http/respond'
import { keyring } from '#lib/keyring'

const place = z.object({ id: z.uuid(), index: z.coerce.number().int().min(0).max(1000) })

/** A type without parameters, which a provider might have filled with anything. */
const PLAIN_TYPE = /^[\w.+-]+\/[\w.+-]+$/

type Context = { params: Promise<{ id: string; index: string }> }

/** A file of a message, to save. Never shown in the page: it came from strangers. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  await requireUser('viewer')
  const asked = place.safeParse(await params)
  return respond('console:file', async () => {
    if (!asked.success) throw new AppError('not_found', 'There is no such file.')
    const { id: messageId, index } = asked.data
    const file = await openAttachment({ db: db(), keys: keyring(), open: outboundDownload() }, { messageId, index })
    return new Response(file.body, {
      headers: {
        'content-type': PLAIN_TYPE.test(file.contentType) ? file.contentType : 'application/octet-stream',
        'content-disposition': `attachment; filename*=UTF-8''${encodeName(file.filename)}`,
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
        ...(file.size === null ? {} : { 'content-length': String(file.size) }),
      },
    })
  })
}

/** RFC 5987: what encodeURIComponent leaves alone and the header does not allow. Broken surrogates would throw. */
function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)
}
