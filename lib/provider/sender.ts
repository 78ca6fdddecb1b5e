import { z } from 'zod'

const text = z.string().trim().min(1).nullable().catch(null)

const senderOfRaw = z
  .object({ sender: z.object({ contact_id: text, email: text }) })
  .transform(({ sender }) => ({ contactId: sender.contact_id, email: sender.email }))
  .catch({ contactId: null, email: null })

/** What a stored message as it arrived says of its sender beyond handle and name, which have columns of their own. */
export function readSender(raw: unknown): { contactId: string | null; email: string | null } {
  return senderOfRaw.parse(raw)
}
