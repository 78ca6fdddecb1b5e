import {
  Archive,
  CircleDot,
  CircleOff,
  CirclePause,
  Hourglass,
  LogIn,
  type LucideIcon,
  TriangleAlert,
  Unplug,
} from 'lucide-react'
import { Chip, type Tone } from '#ui/chip'

const STATES = {
  receiving: { label: 'Receiving', tone: 'ok', icon: CircleDot },
  receive_only: { label: 'Receive-only', tone: 'ok', icon: LogIn },
  paused: { label: 'Paused', tone: 'hold', icon: CirclePause },
  offline: { label: 'Offline', tone: 'hold', icon: CircleOff },
  disconnected: { label: 'Disconnected', tone: 'bad', icon: Unplug },
  trouble: { label: 'In trouble', tone: 'bad', icon: TriangleAlert },
  unfinished: { label: 'Not finished', tone: 'warn', icon: Hourglass },
  archived: { label: 'Archived', tone: 'neutral', icon: Archive },
} as const satisfies Record<string, { label: string; tone: Tone; icon: LucideIcon }>

export type ChannelChipState = keyof typeof STATES

/** The state of a channel, or of one side of it. */
export function ChannelChip({ state, label }: { state: ChannelChipState; label?: string | undefined }) {
  const look = STATES[state]
  return (
    <Chip tone={look.tone} icon={look.icon}>
      {label ?? look.label}
    </Chip>
  )
}
