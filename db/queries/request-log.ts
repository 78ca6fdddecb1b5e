import { and, asc, desc, eq, gt, gte, lt, notInArray, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { firstIdAt } from '#db/ids'
import { apps } from '#db/schema/apps'
import { channels } from '#db/schema/channels'
import { requests } from '#db/schema/requests'

export type RequestFilter = {
  channelId?: string
  appId?: string
  code?: string
  from: Date
  to: Date | null
  before?: string
  after?: string
}

async function readPage(db: Db, filter: RequestFilter, limit: number) {
  const { channelId, appId, code, from, to, before, after } = filter
  return db
    .select({
      id: requests.id,
      channelId: requests.channelId,
      channelName: channels.name,
      appId: requests.appId,
      appName: apps.name,
      direction: requests.direction,
      method: requests.method,
      path: requests.path,
      ip: requests.ip,
      status: requests.status,
      code: requests.code,
      message: requests.message,
      messageId: requests.messageId,
      bodyBytes: requests.bodyBytes,
    })
    .from(requests)
    .leftJoin(channels, eq(channels.id, requests.channelId))
    .leftJoin(apps, eq(apps.id, requests.appId))
    .where(
      and(
        gte(requests.id, firstIdAt(from)),
        to ? lt(requests.id, firstIdAt(to)) : undefined,
        channelId ? eq(requests.channelId, channelId) : undefined,
        appId ? eq(requests.appId, appId) : undefined,
        code ? eq(requests.code, code) : undefined,
        before ? lt(requests.id, before) : undefined,
        after ? gt(requests.id, after) : undefined,
      ),
    )
    .orderBy(after ? asc(requests.id) : desc(requests.id))
    .limit(limit)
}

export type RequestRow = Awaited<ReturnType<typeof readPage>>[number]

type RequestPage = { rows: RequestRow[]; hasOlder: boolean; hasNewer: boolean }

/** One page of calls that did not become a message, newest first. Keyset by id; the time range prunes partitions. */
export async function listRequests(db: Db, filter: RequestFilter, limit: number): Promise<RequestPage> {
  const rows = await readPage(db, filter, limit + 1)
  const more = rows.length > limit
  // The way up ends at the newest page, and that one is shown full.
  if (filter.after && !more) return listRequests(db, { ...filter, after: undefined }, limit)
  const shown = rows.slice(0, limit)
  if (filter.after) return { rows: shown.reverse(), hasOlder: true, hasNewer: true }
  return { rows: shown, hasOlder: more, hasNewer: filter.before !== undefined }
}

/** One call with the names of its channel and its app, as far as it has any. Null when there is none. */
export async function getRequest(db: Db, id: string) {
  const [row] = await db
    .select({ request: requests, channelName: channels.name, appName: apps.name })
    .from(requests)
    .leftJoin(channels, eq(channels.id, requests.channelId))
    .leftJoin(apps, eq(apps.id, requests.appId))
    .where(eq(requests.id, id))
    .limit(1)
  return row ?? null
}

const MOST_COUNTED = 1000

/** Kept to be looked at, and no refusal. */
const NO_REFUSAL = ['duplicate', 'echo', 'outdated', 'unknown_event', 'unknown_import']

/** Refused calls since a moment by channel, app and reason, of the newest thousand. Repeated calls are no refusal. */
export async function countRefusals(db: Db, since: Date) {
  const newest = db
    .select({ channelId: requests.channelId, appId: requests.appId, code: requests.code, id: requests.id })
    .from(requests)
    .where(and(gte(requests.id, firstIdAt(since)), notInArray(requests.code, NO_REFUSAL)))
    .orderBy(desc(requests.id))
    .limit(MOST_COUNTED)
    .as('newest')
  return db
    .select({
      channelId: newest.channelId,
      channelName: channels.name,
      appId: newest.appId,
      appName: apps.name,
      code: newest.code,
      count: sql<number>`count(*)::int`,
      newestId: sql<string>`max(${newest.id}::text)`,
    })
    .from(newest)
    .leftJoin(channels, eq(channels.id, newest.channelId))
    .leftJoin(apps, eq(apps.id, newest.appId))
    .groupBy(newest.channelId, channels.name, newest.appId, apps.name, newest.code)
    .orderBy(sql`6 desc`, asc(newest.code), asc(newest.channelId), asc(newest.appId))
    .limit(50)
}

/** Channels to choose from in a filter. */
export async function listChannelNames(db: Db) {
  return db
    .select({ id: channels.id, name: channels.name, archivedAt: channels.archivedAt })
    .from(channels)
    .orderBy(sql`${channels.archivedAt} is not null`, asc(channels.name), asc(channels.id))
    .limit(500)
}

/** Apps to choose from in a filter. */
export async function listAppNames(db: Db) {
  return db
    .select({ id: apps.id, name: apps.name, archivedAt: apps.archivedAt })
    .from(apps)
    .orderBy(sql`${apps.archivedAt} is not null`, asc(apps.name), asc(apps.id))
    .limit(500)
}
