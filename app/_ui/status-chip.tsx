import {
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleSlash,
  CircleX,
  Clock,
  type LucideIcon,
  PauseCircle,
  RotateCw,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { Chip, type Tone } from '#ui/chip'

type Look = { label: string; tone: Tone; icon: LucideIcon }

const STATUSES = {
  delivered: { label: 'Delivered', tone: 'ok', icon: CircleCheck },
  queued: { label: 'Queued', tone: 'neutral', icon: Clock },
  retrying: { label: 'Retrying', tone: 'warn', icon: RotateCw },
  failed: { label: 'Failed', tone: 'bad', icon: CircleX },
  held: { label: 'Held', tone: 'hold', icon: PauseCircle },
  discarded: { label: 'Discarded', tone: 'neutral', icon: CircleSlash },
  accepted: { label: 'Accepted by Front', tone: 'accent', icon: CircleDashed },
  confirmed: { label: 'Confirmed', tone: 'ok', icon: CircleCheck },
  unconfirmed: { label: 'Not confirmed', tone: 'bad', icon: CircleHelp },
} as const satisfies Record<string, Look>

export type ChipStatus = keyof typeof STATUSES

/** The state of a message or of its confirmation. `detail` follows in the same chip, such as "3 of 8"; `label` in place of the usual word. */
export function StatusChip({ status, label, detail }: { status: ChipStatus; label?: string; detail?: ReactNode }) {
  const { label: usual, tone, icon } = STATUSES[status]
  return (
    <Chip tone={tone} icon={icon}>
      {label ?? usual}
      {detail && <span className="font-normal"> · {detail}</span>}
    </Chip>
  )
}
