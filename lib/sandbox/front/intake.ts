import { z } from 'zod'
import type { NewSandboxFile } from '#db/queries/sandbox-messages'
import type { ContactType } from '#db/schema/channels'
import type { FrontCall } from '#lib/sandbox/front/call'
import { badFields } from '#lib/sandbox/front/errors'
import type { ReceivedFile } from '#lib/sandbox/front/fields'
import { frontId } from '#lib/sandbox/identity'

type Warn = FrontCall['warn']

/** Front takes a JSON body with `attachments` and loses them without a word (T5). */
export function withoutJsonAttachments(fields: unknown, files: readonly ReceivedFile[], warn: Warn): unknown {
  if (typeof fields !== 'object' || fields === null || !('attachments' in fields)) return fields
  if (files.length === 0) warn('attachments outside a multipart form: Front accepts the message and loses the files')
  const { attachments: _lost, ...rest } = fields
  return rest
}

type Handle = { handle: string; contactType: ContactType; field: string; warn: Warn }

/**
 * A handle as Front keeps it, which depends on the channel's contact type (T8).
 * @throws FrontError 400 when it does not fit that type
 */
export function checkedHandle({ handle, contactType, field, warn }: Handle): string {
  if (contactType === 'email' && !z.email().safeParse(handle).success) {
    throw badFields([`body.${field}: must be an email address`])
  }
  if (contactType !== 'phone') return handle
  const digits = handle.replaceAll(/[\s().-]/g, '')
  if (/^\+[1-9]\d{6,14}$/.test(digits)) return digits
  if (!/^\d{7,15}$/.test(digits)) throw badFields([`body.${field}: must be a phone number`])
  warn(`${field} has no country code: Front takes it for a US number and rewrites it to +1${digits}`)
  return `+1${digits}`
}

/** Files as they are kept, each with an id of its own. */
export function filesToStore(files: readonly ReceivedFile[], messageId: string, random: () => number) {
  return files.map((file) => ({ ...file, size: file.bytes.length, messageId, id: frontId('fil', random) }))
}

/** The same as a message shows them. */
export function toAttachments(files: readonly NewSandboxFile[]) {
  return files.map(({ id, filename, contentType, size }) => ({ id, filename, content_type: contentType, size }))
}
