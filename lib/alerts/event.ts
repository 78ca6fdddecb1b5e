import { z } from 'zod'
import type { AlertKind } from '#db/schema/alerts'

export const ALERT_TYPES = [
  'channel.failing',
  'channel.recovered',
  'channel.offline',
  'channel.online',
  'channel.backlog_old',
  'channel.backlog_clear',
  'channel.confirmations_missing',
  'channel.confirmations_clear',
  'alert.test',
] as const
export type AlertType = (typeof ALERT_TYPES)[number]

/** What the beginning and the end of each kind of trouble are called. */
export const TYPES_OF_KIND: Record<AlertKind, { began: AlertType; over: AlertType }> = {
  failing: { began: 'channel.failing', over: 'channel.recovered' },
  offline: { began: 'channel.offline', over: 'channel.online' },
  backlog: { began: 'channel.backlog_old', over: 'channel.backlog_clear' },
  confirmations: { began: 'channel.confirmations_missing', over: 'channel.confirmations_clear' },
}

const moment = z.iso.datetime()

/**
 * One alert as it is stored when it is decided on, and posted to webhooks as it is (docs/alerts.md). Names are
 * snake_case because others read it.
 */
export const alertEvent = z.object({
  type: z.enum(ALERT_TYPES),
  timestamp: moment,
  data: z.object({
    /** One sentence in plain words. */
    title: z.string(),
    channel: z.object({
      id: z.string(),
      name: z.string(),
      front_id: z.string().nullable(),
      kind: z.enum(['custom', 'application']),
      /** The channel's page in Patchbay. */
      url: z.string(),
    }),
    /** When the trouble began. */
    since: moment,
    /** Quiet time kept it back. */
    held_back: z.boolean(),
    /** Of which side it is: `inbound` calls Front, `outbound` the provider. */
    direction: z.enum(['inbound', 'outbound']).nullable(),
    failures_in_a_row: z.number().nullable(),
    waiting: z.number().nullable(),
    oldest_waiting_at: moment.nullable(),
    missing: z.number().nullable(),
    /** Why, as a person or a rule said, or what the last error was. */
    reason: z.string().nullable(),
    last_error: z.object({ class: z.string().nullable(), title: z.string(), message: z.string() }).nullable(),
  }),
})

/** Whether a stored alert is one of the test button's. */
export function isTestAlert(payload: unknown): boolean {
  const event = alertEvent.safeParse(payload)
  return event.success && event.data.type === 'alert.test'
}

export type AlertEvent = z.infer<typeof alertEvent>
