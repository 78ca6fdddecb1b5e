import { createHmac } from 'node:crypto'
import { AppError } from '#lib/errors'
import { constantTimeEqual, deriveKey, type SealingKeys } from '#lib/secrets'

/** A file of a message, by its place among the message's attachments, for a while. */
export type FileLink = { messageId: string; index: number; expiresAt: Date }

const TOKEN = /^([0-9a-f]{32})\.(\d{1,3})\.([0-9a-z]{1,9})\.([\w-]{43})$/

/**
 * A URL on our own address that opens one file without credentials until it expires. Whoever holds it may read the file:
 * it goes to the channel's provider only.
 */
export function makeFileLink(
  { keys, publicUrl }: { keys: SealingKeys; publicUrl: string },
  { messageId, index, expiresAt }: FileLink,
): string {
  const expiresS = Math.floor(expiresAt.getTime() / 1000).toString(36)
  const claim = `${messageId.replaceAll('-', '')}.${index}.${expiresS}`
  return `${publicUrl}/api/files/${claim}.${sign(claim, keys[0])}`
}

/**
 * What a link's token stands for. Links made with an earlier key go on working.
 * @throws AppError `not_found` when it is not one of ours, `gone` when it has expired
 */
export function readFileLink(token: string, { keys, now }: { keys: SealingKeys; now: Date }): FileLink {
  const [, message = '', index = '', expires = '', signature = ''] = TOKEN.exec(token) ?? []
  const claim = `${message}.${index}.${expires}`
  const isOurs = keys.map((key) => constantTimeEqual(sign(claim, key), signature)).includes(true)
  if (!isOurs) throw new AppError('not_found', 'There is no file at this address.')
  const expiresAt = new Date(Number.parseInt(expires, 36) * 1000)
  if (expiresAt <= now) {
    throw new AppError('gone', 'This link has expired. Links are made anew each time the message is sent.')
  }
  return { messageId: toUuid(message), index: Number(index), expiresAt }
}

function sign(claim: string, key: Buffer): string {
  return createHmac('sha256', deriveKey(key, 'links')).update(claim).digest('base64url')
}

function toUuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
