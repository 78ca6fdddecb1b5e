import type { Direction } from '#db/schema/targets'
import { asSentence } from '#lib/format'

type Target = {
  direction: Direction
  heldSince: Date | null
  heldReason: string | null
  breakerSince: Date | null
  holdUntil: Date | null
  companyHoldUntil: Date | null
}

/** Why nothing is fed to a target at a moment, as a sentence; null when it may be called. */
export function obstacle(target: Target, now: Date): string | null {
  const { direction, heldSince, heldReason, breakerSince, holdUntil, companyHoldUntil } = target
  if (heldSince) return heldReason ? asSentence(heldReason) : 'It is held.'
  if (breakerSince) return 'It failed again and again, so Patchbay has stopped calling it for now.'
  const asked = direction === 'outbound' ? [holdUntil] : [holdUntil, companyHoldUntil]
  if (asked.some((until) => until !== null && until > now)) return 'The other side asked for a pause.'
  return null
}
