import { newId } from '#db/ids'
import type { Cargo, Route } from '#db/queries/deliveries'
import type { AttemptRow, SettledStatus, Settlement } from '#db/queries/settle'
import { errorWords } from '#lib/delivery/error-words'

type Outcome = { cargo: Cargo; route: Pick<Route, 'channel'>; status: SettledStatus; row: AttemptRow }

const LONGEST_REASON = 500

/**
 * What Front is to be told of how a reply ended: that it did not reach the customer, so that whoever wrote it hears of
 * it (A5, or an internal comment where the channel is a custom one), and later, when it arrived after all, that it did.
 */
export function tellFront({ cargo, route, status, row }: Outcome): Settlement['report'] {
  const { message, delivery } = cargo
  if (message.direction !== 'outbound' || message.isTest || route.channel.archivedAt) return null
  if (status === 'failed') {
    return failureReport({ ...message, kind: route.channel.kind }, failureReason(row.error_class, row.error))
  }
  if (status !== 'delivered' || !delivery.reportedAt) return null
  return arrivalReport(message.bodyText)
}

/** The report of a message that Front shows as failed and that arrived after all. */
export function arrivalReport(bodyText: string): NonNullable<Settlement['report']> {
  const body = 'This message was shown as failed. It has reached the customer after all.'
  return { id: newId(), kind: 'comment', payload: { body: about(body, bodyText) } }
}

type Failed = Pick<Cargo['message'], 'id' | 'reference' | 'bodyText'> & { kind: Route['channel']['kind'] }

/** The report of a message that did not reach the customer, in the form that its channel's kind has. */
export function failureReport(message: Failed, reason: string): NonNullable<Settlement['report']> {
  const { id, reference, bodyText, kind } = message
  if (kind === 'application' && reference !== null) {
    return { id: newId(), kind: 'failed', payload: { conversation: reference, message: id, reason } }
  }
  const body = about(`This message did not reach the customer. ${reason}`, bodyText)
  return { id: newId(), kind: 'comment', payload: { body } }
}

/** Plain words for teammates, with what the provider itself said. */
export function failureReason(errorClass: string | null, error: string | null): string {
  const { title } = errorWords(errorClass, 'outbound', { ended: true })
  return `${title}. ${error ?? ''}`.trim().slice(0, LONGEST_REASON)
}

/** Front's comments know Markdown: a quotation shows which message is meant. */
function about(text: string, bodyText: string): string {
  const start = bodyText.replaceAll(/\s+/g, ' ').trim().slice(0, 120)
  return start === '' ? text : `${text}\n\n> ${start}`
}
