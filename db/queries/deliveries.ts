import { eq, inArray } from 'drizzle-orm'
import type { Db } from '#db/client'
import { apps } from '#db/schema/apps'
import { channelKeys } from '#db/schema/channel-keys'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { conversations } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { messages } from '#db/schema/messages'
import { reports } from '#db/schema/reports'

export type Cargo = Awaited<ReturnType<typeof loadCargo>>[number]
export type ReportCargo = Awaited<ReturnType<typeof loadReports>>[number]
export type Route = NonNullable<Awaited<ReturnType<typeof loadRoutes>> extends Map<string, infer R> ? R : never>

/** Everything about the messages of claimed deliveries, in one query. The delivery has its message's id. */
export async function loadCargo(db: Db, deliveryIds: string[]) {
  if (deliveryIds.length === 0) return []
  return db
    .select({ delivery: deliveries, message: messages, conversation: conversations })
    .from(deliveries)
    .innerJoin(messages, eq(messages.id, deliveries.id))
    .innerJoin(conversations, eq(conversations.id, deliveries.conversationId))
    .where(inArray(deliveries.id, deliveryIds))
    .limit(deliveryIds.length)
}

/** The same for claimed reports. */
export async function loadReports(db: Db, deliveryIds: string[]) {
  if (deliveryIds.length === 0) return []
  return db
    .select({ delivery: deliveries, report: reports, conversation: conversations })
    .from(deliveries)
    .innerJoin(reports, eq(reports.id, deliveries.id))
    .innerJoin(conversations, eq(conversations.id, deliveries.conversationId))
    .where(inArray(deliveries.id, deliveryIds))
    .limit(deliveryIds.length)
}

/** The channels that claimed deliveries go through, with their company, app and signing secrets (sealed), by channel id. */
export async function loadRoutes(db: Db, channelIds: string[]) {
  const rows = await db
    .select({ channel: channels, company: companies, app: apps, key: channelKeys })
    .from(channels)
    .innerJoin(companies, eq(companies.id, channels.companyId))
    .leftJoin(apps, eq(apps.id, channels.appId))
    .leftJoin(channelKeys, eq(channelKeys.channelId, channels.id))
    .where(inArray(channels.id, channelIds))
    .orderBy(channelKeys.createdAt)
  type Row = (typeof rows)[number]
  const routes = new Map<string, Pick<Row, 'channel' | 'company' | 'app'> & { keys: NonNullable<Row['key']>[] }>()
  for (const { key, ...owner } of rows) {
    const { channel } = owner
    const route = routes.get(channel.id) ?? { ...owner, keys: [] }
    if (key) route.keys.push(key)
    routes.set(channel.id, route)
  }
  return routes
}
