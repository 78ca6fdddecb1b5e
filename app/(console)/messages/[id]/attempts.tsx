import { Clock } from 'lucide-react'
import type { AttemptDetails, MessageDetails } from '#db/queries/message-details'
import { Section } from '#ui/section'
import { Time } from '#ui/time'
import { Timeline, TimelineItem } from '#ui/timeline'
import { Attempt } from '../../_parts/attempt'

type Props = { attempts: AttemptDetails[]; details: MessageDetails; now: Date }

/** Every attempt, newest first, with what was sent and what came back; above them the next one, when it is planned. */
export function Attempts({ attempts, details: { delivery, message, target }, now }: Props) {
  const planned = delivery.status === 'retrying' && !target?.heldSince ? delivery.nextAttemptAt : null
  const newest = attempts[0]
  return (
    <Section
      title="Attempts"
      description={
        delivery.attempts > attempts.length
          ? `The newest ${attempts.length} of ${delivery.attempts} are shown.`
          : undefined
      }
    >
      {attempts.length === 0 && !planned ? (
        <p className="text-muted">No attempt yet.</p>
      ) : (
        <Timeline label="Attempts, newest first">
          {planned && (
            <TimelineItem
              icon={Clock}
              planned
              title={`Attempt ${delivery.attempts + 1}`}
              meta={planned > now ? <Time at={planned} now={now} /> : 'now due'}
            >
              <p className="text-sm text-muted">Planned. Patchbay makes it by itself.</p>
            </TimelineItem>
          )}
          {attempts.map((attempt) => (
            <Attempt
              key={attempt.id}
              attempt={attempt}
              direction={message.direction}
              open={attempt === newest && attempt.outcome !== 'delivered'}
              now={now}
            />
          ))}
        </Timeline>
      )}
    </Section>
  )
}
