import { z } from 'zod'
import { templateFaults } from '#lib/threading/template'

const MAX_HOURS = 24 * 365

/** How a channel sorts messages into conversations. */
export const threadingRule = z.discriminatedUnion('type', [
  /** Front's own default: everything from one handle is one conversation. */
  z.object({ type: z.literal('sender') }),
  /** The provider names the conversation in every message. */
  z.object({ type: z.literal('provider') }),
  /** A new conversation some hours after the last, or the first, message of the one before. */
  z.object({
    type: z.literal('session'),
    hours: z.number().positive().max(MAX_HOURS),
    from: z.enum(['last_message', 'first_message']),
  }),
  /** The whole channel is one conversation. */
  z.object({ type: z.literal('single') }),
  /** Every message is a conversation of its own. */
  z.object({ type: z.literal('each') }),
  /** The key is put together from fields of the message: `{{sender.handle}}:{{metadata.headers.ticket}}`. */
  z.object({
    type: z.literal('template'),
    template: z
      .string()
      .trim()
      .min(1, 'Write a template, such as {{sender.handle}}.')
      .max(500)
      .superRefine((template, context) => {
        for (const message of templateFaults(template)) context.addIssue({ code: 'custom', message })
      }),
  }),
])
export type ThreadingRule = z.infer<typeof threadingRule>
export const THREADING_RULE_TYPES = ['sender', 'provider', 'session', 'single', 'each', 'template'] as const

/** A rule in one sentence, for lists and settings. */
export function describeRule(rule: ThreadingRule, kind: 'custom' | 'application' = 'custom'): string {
  switch (rule.type) {
    case 'sender':
      return kind === 'custom'
        ? 'One conversation per sender, as Front does by itself.'
        : 'One conversation per sender.'
    case 'provider':
      return 'The provider names the conversation.'
    case 'session':
      return rule.from === 'last_message'
        ? `A new conversation after ${formatHours(rule.hours)} of silence.`
        : `A new conversation ${formatHours(rule.hours)} after the first message.`
    case 'single':
      return 'Everything in one conversation.'
    case 'each':
      return 'Every message is a conversation of its own.'
    case 'template':
      return `One conversation per ${rule.template}.`
  }
}

export function formatHours(hours: number): string {
  return hours === 1 ? '1 hour' : `${hours} hours`
}
