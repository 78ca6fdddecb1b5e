import type { Database } from '#db/client'
import { getAttachment } from '#db/queries/attachment'
import { getFile } from '#db/queries/files'
import { frontAccess } from '#lib/delivery/front-access'
import { AppError } from '#lib/errors'
import { downloadAttachment, type OpenUrl } from '#lib/front/download'
import type { FrontAccess } from '#lib/front/transport'
import type { SealingKeys } from '#lib/secrets'

type Deps = { db: Database; keys: SealingKeys; open: OpenUrl; now: () => Date }

export type OpenedAttachment = {
  filename: string
  contentType: string
  /** Bytes, where known. */
  size: number | null
  body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>
}

/**
 * A message's file: the provider's from our own store, Front's from Front, with a token of the channel or the company,
 * which stays here.
 * @throws AppError `not_found` when there is no such file any more; what Front's refusal says otherwise
 */
export async function openAttachment(
  deps: Deps,
  { messageId, index }: { messageId: string; index: number },
): Promise<OpenedAttachment> {
  const { db, open } = deps
  const found = await getAttachment(db, messageId, index)
  if (!found) throw new AppError('not_found', 'There is no such file.')
  const { attachment, frontMessageId } = found
  const { filename, contentType } = attachment
  if (attachment.fileId) {
    const file = await getFile(db, attachment.fileId)
    if (!file) throw new AppError('not_found', 'This file is no longer kept.')
    return { filename, contentType, size: file.size, body: new Uint8Array(file.bytes) }
  }
  const access = attachment.frontId ? await openFront(deps, found) : null
  if (!attachment.frontId || !access) {
    throw new AppError('not_found', 'Front gave no way to fetch this file, or the company has no API token.')
  }
  const file = await downloadAttachment({
    ...access,
    open,
    messageId: frontMessageId,
    attachmentId: attachment.frontId,
  })
  return { filename, contentType: file.contentType ?? contentType, size: file.size, body: file.body }
}

/**
 * A channel token opens files by way of their message. An auto-reply has no message id until Front has imported it:
 * until then only the company's own token can fetch its files.
 */
function openFront(
  deps: Deps,
  found: NonNullable<Awaited<ReturnType<typeof getAttachment>>>,
): Promise<FrontAccess | null> {
  const kind = found.frontMessageId === null ? 'custom' : found.channel.kind
  return frontAccess(deps, { ...found, channel: { ...found.channel, kind } })
}
