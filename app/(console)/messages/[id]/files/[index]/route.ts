import { z } from 'zod'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { fileHeaders } from '#lib/endpoints/download-file'
import { AppError } from '#lib/errors'
import { openAttachment } from '#lib/flows/open-attachment'
import { outboundDownload } from '#lib/http/outbound'
import { respond } from '#lib/http/respond'
import { keyring } from '#lib/keyring'

const place = z.object({ id: z.uuid(), index: z.coerce.number().int().min(0).max(1000) })

type Context = { params: Promise<{ id: string; index: string }> }

/** A file of a message, to save. Never shown in the page: it came from strangers. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  await requireUser('viewer')
  const asked = place.safeParse(await params)
  return respond('console:file', async () => {
    if (!asked.success) throw new AppError('not_found', 'There is no such file.')
    const { id: messageId, index } = asked.data
    const file = await openAttachment(
      { db: db(), keys: keyring(), open: outboundDownload(), now: () => new Date() },
      { messageId, index },
    )
    return new Response(file.body, { headers: fileHeaders(file, file.size) })
  })
}
