import { eq, inArray } from 'drizzle-orm'
import type { Db } from '#db/client'
import { channelKeys } from '#db/schema/channel-keys'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { conversations } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { messages } from '#db/schema/messages'

export type Cargo = Awaited<ReturnType<typeof loadCargo>>[number]
export type Route = NonNullable<Awaited<ReturnType<typeof loadRoutes>> extends Map<string, infer R> ? R : never>

/** Everything about the messages of claimed deliveries, in one query. The delivery has its message's id. */
export async function loadCargo(db: Db, deliveryIds: string[]) {
  return db
    .select({ delivery: deliveries, message: messages, conversation: conversations })
    .from(deliveries)
    .innerJoin(messages, eq(messages.id, deliveries.id))
    .innerJoin(conversations, eq(conversations.id, deliveries.conversationId))
    .where(inArray(deliveries.id, deliveryIds))
    .limit(deliveryIds.length)
}

/** The channels that claimed deliveries go through, with their company and signing secrets (sealed), by channel id. */
export async function loadRoutes(db: Db, channelIds: string[]) {
  const rows = await db
    .select({ channel: channels, company: companies, key: channelKeys })
    .from(channels)
    .innerJoin(companies, eq(companies.id, channels.companyId))
    .leftJoin(channelKeys, eq(channelKeys.channelId, channels.id))
    .where(inArray(channels.id, channelIds))
    .orderBy(channelKeys.createdAt)
  type Row = (typeof rows)[number]
  const routes = new Map<
    string,
    { channel: Row['channel']; company: Row['company']; keys: NonNullable<Row['key']>[] }
  >()
  for (const { channel, company, key } of rows) {
    const route = routes.get(channel.id) ?? { channel, company, keys: [] }
    if (key) route.keys.push(key)
    routes.set(channel.id, route)
  }
  return routes
}
