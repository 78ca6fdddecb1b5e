import type { listAuditEventsOf } from '#db/queries/message-details'
import { Section } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'

type Event = Awaited<ReturnType<typeof listAuditEventsOf>>[number]

const WORDS: Record<string, string> = {
  'delivery.retry': 'asked for a retry',
  'delivery.discard': 'discarded it',
  'delivery.bounce': 'reported that it was not delivered',
  'delivery.arrive': 'reported that it arrived after all',
}

const ACTORS: Record<string, string> = { provider: 'The provider' }

/** What people did with this message, and what the provider said of it later. */
export function AuditTrail({ events, now }: { events: Event[]; now: Date }) {
  return (
    <Section title="Who did what">
      {events.length === 0 ? (
        <p className="text-muted">Nobody has had to do anything.</p>
      ) : (
        <ul className="flex flex-col gap-3">
          {events.map((event) => (
            <li key={event.id}>
              <p className="wrap-anywhere">
                <span className="font-medium">{ACTORS[event.actor] ?? event.actor}</span>{' '}
                {WORDS[event.action] ?? event.action}
                {event.details?.way === 'as_was' && ' as it was sent before'}
                {typeof event.details?.recovery === 'string' && (
                  <>
                    {' '}
                    in a <TextLink href={`/recoveries/${event.details.recovery}`}>recovery</TextLink>
                  </>
                )}
                {typeof event.details?.reason === 'string' && `: “${event.details.reason}”`}
              </p>
              <p className="text-sm text-muted">
                <Time at={event.createdAt} now={now} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
