import { CircleCheck, CircleSlash, type LucideIcon, PauseCircle, RotateCw, Search } from 'lucide-react'
import type { Recovery } from '#db/queries/recoveries'
import type { RecoveryStatus } from '#db/schema/recoveries'
import { RECOVERY_LABELS } from '#lib/recovery/words'
import { Chip, type Tone } from '#ui/chip'

const LOOKS: Record<RecoveryStatus, { tone: Tone; icon: LucideIcon }> = {
  queueing: { tone: 'accent', icon: Search },
  running: { tone: 'accent', icon: RotateCw },
  paused: { tone: 'hold', icon: PauseCircle },
  cancelled: { tone: 'neutral', icon: CircleSlash },
  done: { tone: 'ok', icon: CircleCheck },
}

/** The state of a recovery. One that ended with failures says so in its numbers, not here. */
export function RecoveryChip({ status }: Pick<Recovery, 'status'>) {
  const { tone, icon } = LOOKS[status]
  return (
    <Chip tone={tone} icon={icon}>
      {RECOVERY_LABELS[status]}
    </Chip>
  )
}
