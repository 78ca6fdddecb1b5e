import { jsonb, text, timestamp, uuid } from 'drizzle-orm/pg-core'

/** Primary key made by `newId()`: a UUIDv7, so it sorts by time and places a row in its partition. */
export const id = () => uuid().primaryKey()

/** A moment in UTC. */
export const moment = () => timestamp({ withTimezone: true })

export const createdAt = () => moment().notNull().defaultNow()

/** Text that only the sealing keys open. Never selected by a list. */
export const sealed = () => text()

export const json = <T>() => jsonb().$type<T>()
