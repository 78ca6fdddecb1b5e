import type { LogFilter } from '#db/queries/message-log'
import { messageFilters, toLogFilter } from '#lib/log-filters'

/** The log's filter of a recovery, whose times are fixed, so no clock is asked. */
export function recoveryFilter(kept: Record<string, string>): LogFilter {
  return toLogFilter(messageFilters.parse(kept), new Date(0))
}
