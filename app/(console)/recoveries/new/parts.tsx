import type { TargetFacts } from '#db/queries/recoveries'
import type { RecoverableCount } from '#db/queries/select-recovery'
import { formatNumber } from '#lib/format'
import { obstacle } from '#lib/recovery/obstacle'
import { DirectionBadge } from '#ui/direction-badge'
import { List, ListRow } from '#ui/list'
import { Section } from '#ui/section'

export type RecoveryPart = Omit<TargetFacts, 'direction'> & RecoverableCount

const SHOWN = 20

/** Where the messages go, and what would keep them waiting. */
export function Parts({ parts, now }: { parts: RecoveryPart[]; now: Date }) {
  const more = parts.length - SHOWN
  return (
    <Section id="parts" title="Where they go" flush>
      <List label="Where they go">
        {parts.slice(0, SHOWN).map((part) => (
          <ListRow
            key={`${part.channelId} ${part.direction}`}
            title={part.channelName}
            trailing={
              <>
                <DirectionBadge direction={part.direction} />
                <span className="tabular-nums">{formatNumber(part.count)}</span>
              </>
            }
          >
            {obstacle(part, now) && <>These wait: {obstacle(part, now)}</>}
          </ListRow>
        ))}
        {more > 0 && <ListRow title={`And ${more} more`} />}
      </List>
    </Section>
  )
}
