import Link from 'next/link'
import type { Recovery } from '#db/queries/recoveries'
import { formatNumber } from '#lib/format'
import { messageFilters, withParams } from '#lib/log-filters'
import { WAY_WORDS } from '#lib/recovery/words'
import { KeyValues } from '#ui/key-values'
import { Section } from '#ui/section'
import { Time } from '#ui/time'

export function RecoveryFacts({ recovery, now }: { recovery: Recovery; now: Date }) {
  const { createdAt, createdBy, endedAt, perMinute, way, reason, filter } = recovery
  return (
    <Section id="facts" title="How it was started">
      <KeyValues
        items={[
          { label: 'Started', value: <Time at={createdAt} now={now} />, hint: createdBy },
          ...(endedAt ? [{ label: 'Ended', value: <Time at={endedAt} now={now} /> }] : []),
          { label: 'At most', value: `${formatNumber(perMinute)} a minute` },
          { label: 'Replies', value: WAY_WORDS[way] },
          ...(reason ? [{ label: 'Note', value: reason }] : []),
          {
            label: 'Filter',
            value: (
              <Link
                className="text-accent underline underline-offset-3"
                href={withParams('/messages', messageFilters.parse(filter))}
              >
                What still matches it
              </Link>
            ),
          },
        ]}
      />
    </Section>
  )
}
