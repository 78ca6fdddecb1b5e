import { z } from 'zod'
import { AppError } from '#lib/errors'
import { type ContactType, checkHandle } from '#lib/provider/handles'
import { type ChannelKind, parseIncomingMessage } from '#lib/provider/schemas'
import { decideThread, type ThreadDecision } from '#lib/threading/decide'
import { THREADING_RULE_TYPES, type ThreadingRule, threadingRule } from '#lib/threading/rules'

/** The editor's fields as a browser posts them; only those of the chosen rule count. */
const editor = z.object({
  type: z.enum(THREADING_RULE_TYPES, 'Choose a rule.'),
  hours: z.string().default(''),
  from: z.string().default('last_message'),
  template: z.string().default(''),
})

const hours = z.coerce
  .number('Write a number of hours.')
  .positive('Write a number of hours above 0.')
  .max(8760, 'At most a year, 8,760 hours.')

/** @throws ZodError whose paths are the editor's fields */
export function parseThreadingForm(form: unknown): ThreadingRule {
  const fields = editor.parse(form)
  if (fields.type === 'session') {
    return threadingRule.parse({ type: 'session', hours: parseHours(fields.hours), from: fields.from })
  }
  return threadingRule.parse(fields.type === 'template' ? fields : { type: fields.type })
}

function parseHours(text: string): number {
  const parsed = hours.safeParse(text.trim() === '' ? Number.NaN : text)
  if (parsed.success) return parsed.data
  throw new z.ZodError(parsed.error.issues.map((issue) => ({ ...issue, path: ['hours'] })))
}

type TryOut = {
  rule: ThreadingRule
  /** A message as a provider would post it, in JSON. */
  sample: string
  channel: { id: string; kind: ChannelKind; contactType: ContactType; defaultCountry: string | null }
  /** Hours since the sender's newest conversation began and last got a message; null: there is none. */
  latest: { beganHours: number; lastHours: number } | null
  messageId: string
  now: Date
}

/**
 * What a rule would decide about a sample, checked as a real message is.
 * @throws AppError `invalid_input` when the sample would be refused
 */
export function tryThreading({ rule, sample, channel, latest, messageId, now }: TryOut): ThreadDecision {
  const message = parseIncomingMessage(parseSample(sample), { fileCount: 0, kind: channel.kind })
  const checked = checkHandle({ ...channel, handle: message.sender.handle })
  if (!checked.ok) {
    throw new AppError('invalid_input', `${checked.error.path} ${checked.error.message}.`, { details: [checked.error] })
  }
  const ago = (past: number) => new Date(now.getTime() - past * 3_600_000)
  return decideThread({
    rule,
    kind: channel.kind,
    message: { ...message, sender: { ...message.sender, handle: checked.handle } },
    channelId: channel.id,
    messageId,
    latest: latest && {
      key: 'the conversation before',
      startedAt: ago(Math.max(latest.beganHours, latest.lastHours)),
      lastMessageAt: ago(latest.lastHours),
    },
    now,
  })
}

function parseSample(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('invalid_input', 'The sample is not JSON.', { cause })
  }
}
