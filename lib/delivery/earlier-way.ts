import type { AttemptDetails } from '#db/queries/message-details'
import { UNSENT_CLASSES } from '#db/schema/attempts'
import type { ProviderFormat } from '#db/schema/channels'
import type { RetryAs } from '#db/schema/deliveries'
import type { Direction } from '#db/schema/targets'

type Facts = {
  direction: Direction
  /** Newest first. */
  attempts: Pick<AttemptDetails, 'url' | 'format' | 'errorClass'>[]
  channel: { providerUrl: string | null; providerFormat: ProviderFormat }
}

export const FORMAT_WORDS: Record<ProviderFormat, string> = {
  envelope: 'Patchbay’s envelope',
  front_message: 'Front’s message as it came',
}

/**
 * How the last attempt of a reply that was sent went out, where a retry today would go out otherwise; null where there is
 * nothing to choose. What goes to Front depends on no setting.
 */
export function earlierWay({ direction, attempts, channel }: Facts): RetryAs | null {
  if (direction === 'inbound') return null
  const sent = attempts.find(({ url, errorClass }) => url && !UNSENT_CLASSES.includes(errorClass ?? ''))
  if (!sent?.url) return null
  const differs = sent.url !== channel.providerUrl || (sent.format !== null && sent.format !== channel.providerFormat)
  return differs ? { url: sent.url, format: sent.format } : null
}
