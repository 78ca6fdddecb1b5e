import type { AlertDestinationKind, AlertKind } from '#db/schema/alerts'
import type { DeliveryStatus } from '#db/schema/deliveries'

export const DESTINATION_KINDS: Record<AlertDestinationKind, { title: string; description: string }> = {
  email: { title: 'E-mail', description: 'A letter to one or several people.' },
  slack: { title: 'Slack', description: 'A channel in Slack, Mattermost, or Discord (its address ending in /slack).' },
  webhook: { title: 'Webhook', description: 'A signed event to a system of your own.' },
}

/** In the order in which forms show them. */
export const DESTINATION_ORDER: readonly AlertDestinationKind[] = ['email', 'slack', 'webhook']
export const ALERT_ORDER: readonly AlertKind[] = ['failing', 'offline', 'backlog', 'confirmations']

export const ALERT_KIND_WORDS: Record<AlertKind, { title: string; short: string }> = {
  failing: { title: 'A channel fails, and works again', short: 'failing' },
  offline: { title: 'A channel is offline or removed in Front, and back', short: 'offline' },
  backlog: { title: 'Messages wait too long, and no longer', short: 'backlog' },
  confirmations: { title: 'Front accepted messages that never appeared there', short: 'missing in Front' },
}

/** Whether people know what an alert says. */
export const ALERT_STATES: Record<DeliveryStatus, string> = {
  delivered: 'Told',
  pending: 'On its way',
  retrying: 'Not told yet',
  failed: 'Could not be told',
  discarded: 'Given up',
}
