import { z } from 'zod'
import type { LogFilter } from '#db/queries/message-log'
import { SHOWN_STATUSES } from '#lib/delivery/status-words'
import { planSearch, SEARCH_KINDS } from '#lib/message-search'

const HOUR_MS = 3_600_000

/** Time ranges to choose from, with their length in hours. */
export const RANGES = {
  '1h': { label: 'Last hour', hours: 1 },
  '24h': { label: 'Last 24 hours', hours: 24 },
  '7d': { label: 'Last 7 days', hours: 168 },
  '30d': { label: 'Last 30 days', hours: 720 },
} as const

const RANGE_KEYS = ['1h', '24h', '7d', '30d', 'custom'] as const

const moment = z.iso
  .datetime({ offset: true, local: true })
  .or(z.iso.date())
  .transform((text) => new Date(/(Z|[+-]\d\d:\d\d)$/.test(text) || text.length === 10 ? text : `${text}Z`))
  .refine((date) => !Number.isNaN(date.getTime()))

const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined)

const span = {
  range: z.enum(RANGE_KEYS).catch('30d'),
  from: optional(moment),
  to: optional(moment),
  /** Keyset: the id before (older than) or after (newer than) which the page begins. */
  before: optional(z.uuid()),
  after: optional(z.uuid()),
}

/** The message log's whole state, as it stands in the URL. Whatever does not fit counts as not given. */
export const messageFilters = z.object({
  q: z.string().trim().max(200).catch(''),
  in: z.enum(SEARCH_KINDS).catch('auto'),
  channel: optional(z.uuid()),
  direction: optional(z.enum(['inbound', 'outbound'])),
  status: optional(z.enum(['attention', ...SHOWN_STATUSES])),
  cause: optional(z.string().regex(/^[a-z_]{1,40}$/)),
  ...span,
})
export type MessageFilters = z.infer<typeof messageFilters>

/** The same for the list of refused requests. */
export const requestFilters = z.object({
  channel: optional(z.uuid()),
  app: optional(z.uuid()),
  code: optional(z.string().regex(/^[a-z_]{1,40}$/)),
  ...span,
})
export type RequestFilters = z.infer<typeof requestFilters>

type Span = Pick<MessageFilters, 'range' | 'from' | 'to'>

/** The time that a page covers: `to` is null when it reaches up to now. */
export function timeSpan({ range, from, to }: Span, now: Date): { from: Date; to: Date | null } {
  if (range === 'custom') return { from: from ?? new Date(0), to: to ?? null }
  return { from: new Date(now.getTime() - RANGES[range].hours * HOUR_MS), to: null }
}

/** What a filter of the message log means at a moment, as queries take it. */
export function toLogFilter(filters: MessageFilters, now: Date): LogFilter {
  const { channel: channelId, direction, status, cause: errorClass, before, after } = filters
  const search = planSearch(filters.q, filters.in)
  return { channelId, direction, status, errorClass, before, after, ...timeSpan(filters, now), search }
}

/** Whether a filter shows nothing but messages that did not arrive. */
export function isRecoverable({ status }: Pick<MessageFilters, 'status'>): boolean {
  return status === 'failed' || status === 'attention' || status === 'unconfirmed'
}

/** A link to the same list with some of its state changed; null removes. A change of filter starts at the newest again. */
export function withParams(
  path: string,
  filters: Record<string, unknown>,
  changes: Record<string, string | null> = {},
): string {
  const params = new URLSearchParams()
  const all: Record<string, unknown> = { ...filters, before: undefined, after: undefined, ...changes }
  for (const [name, value] of Object.entries(all)) {
    if (value === undefined || value === null) continue
    const text = value instanceof Date ? value.toISOString() : String(value)
    if (text !== '' && text !== DEFAULTS[name]) params.set(name, text)
  }
  const query = params.toString()
  return query ? `${path}?${query}` : path
}

const DEFAULTS: Record<string, string> = { range: '30d', in: 'auto' }

/** Next gives repeated parameters as lists; the first one counts. */
export function firstValues(params: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
}
