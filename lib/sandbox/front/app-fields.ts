import { z } from 'zod'
import { LONGEST_EXTERNAL_ID } from '#lib/front/channel-messages'
import type { FrontCall } from '#lib/sandbox/front/call'
import { type ReceivedFields, readFields } from '#lib/sandbox/front/fields'
import { withoutJsonAttachments } from '#lib/sandbox/front/intake'

const externalId = z
  .string()
  .min(1, 'must not be empty')
  .max(LONGEST_EXTERNAL_ID, `must be at most ${LONGEST_EXTERNAL_ID} characters long`)

const party = z.object({
  handle: z.string().min(1, 'must not be empty'),
  name: z.string().optional(),
  email: z.string().optional(),
})

const synced = {
  subject: z.string().optional(),
  body: z.string(),
  metadata: z.object({
    external_id: externalId,
    external_conversation_id: externalId,
    referenced_message_external_id: externalId.optional(),
  }),
  /** Unix seconds. */
  delivered_at: z.int('must be a whole number of seconds').optional(),
}

/** A2: what comes from a customer. */
export const inboundMessage = z.object({ ...synced, sender: party })

/** A3: what was sent outside Front. */
export const outboundMessage = z.object({
  ...synced,
  to: z.array(party).min(1, 'must name at least one recipient'),
  sender_name: z.string().optional(),
  author_id: z.string().regex(/^tea_/, 'must be a teammate ID').optional(),
})

export type InboundMessage = z.infer<typeof inboundMessage>
export type OutboundMessage = z.infer<typeof outboundMessage>

/** Reads the body of a synced message; a form carries numbers as text and a list by its positions. */
export async function readSynced(call: FrontCall): Promise<ReceivedFields> {
  const { fields, files, isForm } = await readFields(call.request)
  const given = withoutJsonAttachments(fields, files, call.warn)
  return { fields: isForm ? fromForm(given) : given, files, isForm }
}

function fromForm(fields: unknown): unknown {
  if (typeof fields !== 'object' || fields === null) return fields
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (name === 'delivered_at' && /^\d+$/.test(String(value))) return [name, Number(value)]
      if (name === 'to' && isNumbered(value)) return [name, Object.values(value)]
      return [name, value]
    }),
  )
}

/** `to[0][handle]`: keys that count from 0. */
function isNumbered(value: unknown): value is object {
  return (
    typeof value === 'object' && value !== null && Object.keys(value).every((key, position) => key === String(position))
  )
}

/** When the message was written, as far as that can be believed. */
export function writtenAt(deliveredAt: number | undefined, { deps, warn }: FrontCall): Date {
  if (deliveredAt === undefined) return deps.now
  if (deliveredAt > 100_000_000_000) {
    warn('delivered_at looks like milliseconds: Front reads seconds')
    return deps.now
  }
  return new Date(deliveredAt * 1000)
}
