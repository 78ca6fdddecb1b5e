import type { RecoveryTarget } from '#db/queries/recoveries'
import { formatNumber } from '#lib/format'
import { obstacle } from '#lib/recovery/obstacle'
import { List, ListRow } from '#ui/list'
import { Section } from '#ui/section'

const SIDES = { inbound: 'To Front', outbound: 'To the provider' } as const

/** How it divides between channels; while it runs, what keeps some of it waiting. */
export function RecoveryTargets({ targets, now, open }: { targets: RecoveryTarget[]; now: Date; open: boolean }) {
  if (targets.length === 0) return null
  return (
    <Section id="targets" title="Where it goes" flush>
      <List label="Where it goes">
        {targets.map((target) => (
          <ListRow
            key={`${target.channelId} ${target.direction}`}
            title={target.channelName}
            trailing={<span className="tabular-nums">{formatNumber(target.total)}</span>}
          >
            {SIDES[target.direction]}
            {open && obstacle(target, now) && `. ${obstacle(target, now)}`}
          </ListRow>
        ))}
      </List>
    </Section>
  )
}
