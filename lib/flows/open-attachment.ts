import type { Database } from '#db/client'
import { getAttachment } from '#db/queries/attachment'
import { getFile } from '#db/queries/files'
import { AppError } from '#lib/errors'
import { downloadAttachment, type OpenUrl } from '#lib/front/download'
import { type SealingKeys, unseal } from '#lib/secrets'

type Deps = { db: Database; keys: SealingKeys; open: OpenUrl }

export type OpenedAttachment = {
  filename: string
  contentType: string
  /** Bytes, where known. */
  size: number | null
  body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>
}

/**
 * A message's file for somebody who is signed in: the provider's from our own store, Front's from Front, with the
 * company's token, which stays here.
 * @throws AppError `not_found` when there is no such file any more; what Front's refusal says otherwise
 */
export async function openAttachment(
  { db, keys, open }: Deps,
  { messageId, index }: { messageId: string; index: number },
): Promise<OpenedAttachment> {
  const found = await getAttachment(db, messageId, index)
  if (!found) throw new AppError('not_found', 'There is no such file.')
  const { attachment, frontMessageId, company } = found
  const { filename, contentType } = attachment
  if (attachment.fileId) {
    const file = await getFile(db, attachment.fileId)
    if (!file) throw new AppError('not_found', 'This file is no longer kept.')
    return { filename, contentType, size: file.size, body: new Uint8Array(file.bytes) }
  }
  if (!attachment.frontId || !company.apiTokenSealed) {
    throw new AppError('not_found', 'Front gave no way to fetch this file, or the company has no API token.')
  }
  const access = { baseUrl: company.frontBaseUrl, token: unseal(company.apiTokenSealed, keys) }
  const file = await downloadAttachment({
    ...access,
    open,
    messageId: frontMessageId,
    attachmentId: attachment.frontId,
  })
  return { filename, contentType: file.contentType ?? contentType, size: file.size, body: file.body }
}
