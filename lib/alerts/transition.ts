/** What a destination knows of one kind of trouble of one channel; see `alert_states`. */
export type AlertState = {
  beganAt: Date | null
  toldAt: Date | null
  calmSince: Date | null
  endedAt: Date | null
  heldBack: boolean
}

type Look = {
  state: AlertState | null
  /** Since when there is trouble; null when there is none. */
  troubleSince: Date | null
  isQuiet: boolean
  /** How long there must be no trouble before it is over. */
  calmMs: number
  now: Date
}

export type Transition = {
  /** Null: nothing is left to know. */
  state: AlertState | null
  /** What the destination is told now. */
  tell: { phase: 'began' | 'over'; beganAt: Date; heldBack: boolean } | null
}

/**
 * After the end of trouble was told, the next of the same kind is told no sooner: what comes and goes all the time is one
 * alert and its end a quarter of an hour, not a flood.
 */
export const GAP_MS = 15 * 60_000

/**
 * What one look at a channel changes. Only transitions are told; an end only where the beginning was. Quiet time keeps
 * what would be told: when it ends, what is still true is told and the rest is forgotten.
 */
export function nextTransition(look: Look): Transition {
  const { state } = look
  return state?.toldAt ? whileTold(look, state) : whileUntold(look, state)
}

function whileUntold({ troubleSince, isQuiet, now }: Look, state: AlertState | null): Transition {
  const endedAt = state?.endedAt && now.getTime() - state.endedAt.getTime() < GAP_MS ? state.endedAt : null
  if (!troubleSince) return { state: endedAt && { ...NOTHING, endedAt }, tell: null }
  const beganAt = state?.beganAt ?? troubleSince
  const heldBack = isQuiet || (state?.heldBack ?? false)
  if (isQuiet || endedAt) return { state: { ...NOTHING, beganAt, endedAt, heldBack }, tell: null }
  return { state: { ...NOTHING, beganAt, toldAt: now }, tell: { phase: 'began', beganAt, heldBack } }
}

function whileTold({ troubleSince, isQuiet, calmMs, now }: Look, state: AlertState): Transition {
  if (troubleSince) return { state: { ...state, calmSince: null, heldBack: false }, tell: null }
  const calmSince = state.calmSince ?? now
  if (now.getTime() - calmSince.getTime() < calmMs) return { state: { ...state, calmSince }, tell: null }
  if (isQuiet) return { state: { ...state, calmSince, heldBack: true }, tell: null }
  const beganAt = state.beganAt ?? calmSince
  return { state: { ...NOTHING, endedAt: now }, tell: { phase: 'over', beganAt, heldBack: state.heldBack } }
}

const NOTHING: AlertState = { beganAt: null, toldAt: null, calmSince: null, endedAt: null, heldBack: false }

/** Whether a look changed what is known, so that most looks write nothing. */
export function isSameState(a: AlertState | null, b: AlertState | null): boolean {
  if (!a || !b) return a === b
  const times = ['beganAt', 'toldAt', 'calmSince', 'endedAt'] as const
  return a.heldBack === b.heldBack && times.every((time) => a[time]?.getTime() === b[time]?.getTime())
}
