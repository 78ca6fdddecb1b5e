import { listBreakerEvents } from '#db/queries/breakers'
import type { BreakerEventKind } from '#db/schema/breaker-events'
import { db } from '#lib/database'
import { Disclosure } from '#ui/disclosure'
import { Section } from '#ui/section'
import { ExactTime, Time } from '#ui/time'

type Events = Awaited<ReturnType<typeof listBreakerEvents>>

const SHOWN_AT_FIRST = 3
const SIDES = { inbound: 'Front', outbound: 'the provider', report: 'Front, for reports' } as const

const WORDS: Record<BreakerEventKind, string> = {
  opened: 'Patchbay stopped calling',
  closed: 'A try went through, so Patchbay calls again:',
  overridden: 'A person let Patchbay call again:',
}

/** When Patchbay stopped calling a side of this channel and when it went on. Nothing when that never happened. */
export async function BreakerHistory({ channelId, now }: { channelId: string; now: Date }) {
  const events = await listBreakerEvents(db(), { channelId })
  if (events.length === 0) return null
  return (
    <Section
      id="breaker"
      title="When Patchbay stopped calling"
      description="After ten failures in a row that are the other side’s fault, Patchbay stops, tries with one message now and then, and goes on by itself when that gets through."
    >
      <div className="flex flex-col gap-3">
        <Rows events={events.slice(0, SHOWN_AT_FIRST)} now={now} />
        {events.length > SHOWN_AT_FIRST && (
          <Disclosure summary="Earlier">
            <Rows events={events.slice(SHOWN_AT_FIRST)} now={now} />
          </Disclosure>
        )}
      </div>
    </Section>
  )
}

function Rows({ events, now }: { events: Events; now: Date }) {
  return (
    <ul className="flex flex-col gap-3">
      {events.map(({ id, kind, direction, reason, by, createdAt }) => (
        <li key={id} className="wrap-anywhere">
          <p>
            {WORDS[kind]} {SIDES[direction]}.{by && <span className="text-muted"> By {by}.</span>}
          </p>
          <p className="text-sm text-muted">
            <ExactTime at={createdAt} /> (<Time at={createdAt} now={now} />){reason && `. ${reason}`}
          </p>
        </li>
      ))}
    </ul>
  )
}
