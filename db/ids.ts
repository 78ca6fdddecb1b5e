import { v7 } from 'uuid'

/** A new UUIDv7: sorts by time, unique without asking the database. */
export function newId(): string {
  return v7()
}

/** The smallest UUIDv7 of a moment: turns a time range into an id range, which also prunes partitions. */
export function firstIdAt(moment: Date): string {
  const hex = Math.max(0, moment.getTime()).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`
}

/** When a UUIDv7 was made, to the millisecond. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16))
}
