import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { firstIdAt } from '#db/ids'
import { findById } from '#db/queries/find-by-id'
import type { Direction } from '#db/schema/targets'

/** `attention`: failed, or accepted by Front and never seen there. */
export type LogStatus =
  | 'attention'
  | 'delivered'
  | 'queued'
  | 'retrying'
  | 'failed'
  | 'held'
  | 'discarded'
  | 'unconfirmed'

/** Several parts at once mean: any of them. `text` is a tsquery. */
export type LogSearch = {
  uuid: string | null
  frontConversation: string | null
  id: string | null
  contact: string | null
  text: string | null
}

export type LogFilter = {
  channelId?: string
  direction?: Direction
  status?: LogStatus
  errorClass?: string
  search: LogSearch
  from: Date
  to: Date | null
  /** Keyset: older than, or newer than, this id. */
  before?: string
  after?: string
}

export type IdPage = {
  ids: string[]
  hasOlder: boolean
  hasNewer: boolean
  /** The search text was an id that we know. */
  foundById: boolean
}

/**
 * One page of message ids, newest first. Reads an index within a range of ids, which is a range of time, so it costs what
 * the page and the range hold and never what the log holds. What is found by its id is found over all time.
 */
export async function findMessageIds(db: Db, filter: LogFilter, limit: number): Promise<IdPage> {
  const { statements, foundById } = await sourceStatements(db, filter, limit + 1)
  if (statements.length === 0) return { ids: [], hasOlder: false, hasNewer: false, foundById }
  const rows = await db.execute<{ id: string }>(pageStatement(statements, filter, limit + 1))
  const ids = rows.map((row) => row.id)
  const more = ids.length > limit
  // The way up ends at the newest page, and that one is shown full.
  if (filter.after && !more) return findMessageIds(db, { ...filter, after: undefined }, limit)
  if (more) ids.pop()
  if (filter.after) return { ids: ids.reverse(), hasOlder: true, hasNewer: true, foundById }
  return { ids, hasOlder: more, hasNewer: filter.before !== undefined, foundById }
}

export function pageStatement(statements: SQL[], { after }: Pick<LogFilter, 'after'>, limit: number): SQL {
  const all = sql.join(
    statements.map((statement) => sql`(${statement})`),
    sql` union `,
  )
  return sql`select id from (${all}) found order by id ${sql.raw(after ? 'asc' : 'desc')} limit ${limit}`
}

/** One limited, ordered statement per way to find a message; their union is the page. */
export async function sourceStatements(
  db: Db,
  filter: LogFilter,
  limit: number,
): Promise<{ statements: SQL[]; foundById: boolean }> {
  const { search } = filter
  if (search.uuid || search.frontConversation || search.id) {
    const found = await findById(db, search)
    const anyTime = { ...filter, from: new Date(0), to: null }
    const statements = [
      ...(found.messageIds.length > 0 ? [ofMessages(anyTime, limit, sql`m.id = any(${list(found.messageIds)})`)] : []),
      ...(found.conversationIds.length > 0
        ? [ofMessages(anyTime, limit, sql`m.conversation_id = any(${list(found.conversationIds)})`)]
        : []),
    ]
    if (statements.length > 0) return { statements, foundById: true }
  }
  const sources = [
    ...(search.contact ? [startsWith(search.contact)] : []),
    ...(search.text ? [sql`m.search @@ to_tsquery('simple', ${search.text})`] : []),
  ]
  if (sources.length > 0) return { statements: sources.map((one) => ofMessages(filter, limit, one)), foundById: false }
  if (Object.values(search).some((part) => part !== null)) return { statements: [], foundById: false }
  return { statements: withoutSearch(filter, limit), foundById: false }
}

function withoutSearch(filter: LogFilter, limit: number): SQL[] {
  if (filter.status === 'unconfirmed') return [ofMessages(filter, limit)]
  if (filter.status !== 'attention') return [ofDeliveries(filter, limit)]
  const failed = ofDeliveries({ ...filter, status: 'failed' }, limit)
  return filter.errorClass ? [failed] : [failed, ofMessages({ ...filter, status: 'unconfirmed' }, limit)]
}

function ofDeliveries(filter: LogFilter, limit: number): SQL {
  const areMessages = sql`d.kind = 'message'`
  const conditions = [areMessages, ...spanOf('d', filter), ...placeOf('d', filter), ...deliveryConditions(filter)]
  return sql`select d.id from deliveries d where ${and(conditions)} ${inOrder('d', filter, limit)}`
}

function ofMessages(filter: LogFilter, limit: number, source?: SQL): SQL {
  const conditions = [...(source ? [source] : []), ...messageConditions(filter)]
  return sql`select m.id from messages m where ${and(conditions)} ${inOrder('m', filter, limit)}`
}

function inOrder(table: 'm' | 'd', { after }: LogFilter, limit: number): SQL {
  return sql`order by ${sql.raw(`${table}.id ${after ? 'asc' : 'desc'}`)} limit ${limit}`
}

const MISSING = sql`m.front_state = 'missing'`
const HELD = sql`(d.channel_id, d.direction) in (select channel_id, direction from targets where held_since is not null)`

/** Conditions on a message; what concerns its delivery is asked of the delivery with the same id. */
function messageConditions(filter: LogFilter): SQL[] {
  const conditions = [...spanOf('m', filter), ...placeOf('m', filter)]
  const wanted = deliveryConditions(filter)
  if (filter.status === 'unconfirmed') return [...conditions, MISSING, delivery(filter, [sql`d.status = 'delivered'`])]
  if (filter.status === 'attention') {
    const either = sql`(d.status = 'failed' or (d.status = 'delivered' and ${MISSING}))`
    return [...conditions, delivery(filter, [either])]
  }
  return wanted.length === 0 ? conditions : [...conditions, delivery(filter, wanted)]
}

function delivery(filter: LogFilter, wanted: SQL[]): SQL {
  return sql`exists (select 1 from deliveries d where d.id = m.id and ${and([...spanOf('d', filter), ...wanted])})`
}

function deliveryConditions({ status, errorClass }: LogFilter): SQL[] {
  const cause = errorClass ? [sql`d.last_error_class = ${errorClass}`] : []
  if (status === 'held') return [...cause, sql`d.status in ('pending', 'retrying')`, HELD]
  if (status === 'queued') return [...cause, sql`d.status = 'pending'`, sql`not ${HELD}`]
  if (status === 'retrying') return [...cause, sql`d.status = 'retrying'`, sql`not ${HELD}`]
  if (status === 'delivered') return [...cause, sql`d.status = 'delivered'`]
  if (status === 'failed' || status === 'discarded') return [...cause, sql`d.status = ${status}`]
  return cause
}

/** The id range of a filter's time and cursor: what prunes partitions. */
function spanOf(table: 'm' | 'd', { from, to, before, after }: LogFilter): SQL[] {
  const id = sql.raw(`${table}.id`)
  return [
    sql`${id} >= ${firstIdAt(from)}::uuid`,
    ...(to ? [sql`${id} < ${firstIdAt(to)}::uuid`] : []),
    ...(before ? [sql`${id} < ${before}::uuid`] : []),
    ...(after ? [sql`${id} > ${after}::uuid`] : []),
  ]
}

function placeOf(table: 'm' | 'd', { channelId, direction }: LogFilter): SQL[] {
  return [
    ...(channelId ? [sql`${sql.raw(`${table}.channel_id`)} = ${channelId}::uuid`] : []),
    ...(direction ? [sql`${sql.raw(`${table}.direction`)} = ${direction}`] : []),
  ]
}

function startsWith(contact: string): SQL {
  return sql`m.contact_handle like ${`${contact.replace(/[\\%_]/g, '\\$&')}%`}`
}

function and(conditions: SQL[]): SQL {
  return sql.join(conditions, sql` and `)
}

function list(ids: string[]): SQL {
  return sql`${`{${ids.join(',')}}`}::uuid[]`
}
