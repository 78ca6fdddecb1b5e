import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { apps } from '#db/schema/apps'
import { deliveries } from '#db/schema/deliveries'
import { reports } from '#db/schema/reports'
import { type SealingKeys, seal } from '#lib/secrets'
import { type Channel, type Conversation, createChannel, createCompany } from '#tests/support/factories'

export type App = typeof apps.$inferSelect

/** The key of the test vectors in Front's documents. */
export const APP_SECRET = 'front_test_secret'

/** A registered app, of a company of its own unless told. */
export async function createApp(
  db: Database,
  { keys, secret = APP_SECRET, ...more }: Partial<typeof apps.$inferInsert> & { keys: SealingKeys; secret?: string },
): Promise<App> {
  const id = newId()
  const companyId = more.companyId ?? (await createCompany(db)).id
  const values = {
    id,
    companyId,
    key: `app_${id}`,
    name: 'Website messenger',
    uid: id.replaceAll('-', '').slice(16),
    secretSealed: seal(secret, keys),
    oauthClientId: `client_${id}`,
    ...more,
  }
  const [app] = await db.insert(apps).values(values).returning()
  if (!app) throw new Error('The database gave nothing back.')
  return app
}

/** A channel of an app that Front has connected. */
export async function createApplicationChannel(
  db: Database,
  app: Pick<App, 'id' | 'companyId'>,
  more: Parameters<typeof createChannel>[1] = {},
): Promise<Channel> {
  const owner = { kind: 'application' as const, appId: app.id, companyId: app.companyId }
  return createChannel(db, { ...owner, connectedAt: new Date(), threading: { type: 'sender' }, ...more })
}

type ReportOptions = Pick<typeof reports.$inferInsert, 'kind' | 'subjectId' | 'payload'> & {
  /** State of its delivery: delivered unless told, and in no lane. */
  delivery?: Partial<typeof deliveries.$inferInsert>
}

/** What Front was told, or could not be told. */
export async function createReport(
  db: Database,
  { id: conversationId, channelId }: Pick<Conversation, 'id' | 'channelId'>,
  { delivery, ...report }: ReportOptions,
): Promise<string> {
  const place = { id: newId(), channelId, conversationId }
  await db.insert(reports).values({ ...place, ...report })
  const ended = { status: 'delivered' as const, attempts: 1, endedAt: new Date() }
  await db.insert(deliveries).values({ ...place, kind: 'report', direction: 'report', ...ended, ...delivery })
  return place.id
}
