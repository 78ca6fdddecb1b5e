import type { ShownPlace } from '#db/queries/message-details'

/** Whether a delivery is at the head of its lane and a worker has it just now. */
export function isInFlight(place: ShownPlace, now: Date): boolean {
  return place !== null && place.ahead === 0 && place.leased && place.dueAt !== null && place.dueAt > now
}
