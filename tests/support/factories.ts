import { and, eq } from 'drizzle-orm'
import type { Database } from '#db/client'
import { newId, timeOfId } from '#db/ids'
import { requeueDelivery } from '#db/queries/lanes'
import { attempts } from '#db/schema/attempts'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { conversations, frontConversations } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue, lanes } from '#db/schema/lanes'
import { type MessageKeyKind, messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'
import { requests } from '#db/schema/requests'
import { type Direction, type LaneDirection, targets } from '#db/schema/targets'

export type Company = typeof companies.$inferSelect
export type Channel = typeof channels.$inferSelect
export type Conversation = typeof conversations.$inferSelect
export type Message = typeof messages.$inferSelect

export async function createCompany(db: Database, more: Partial<typeof companies.$inferInsert> = {}): Promise<Company> {
  const rows = await db
    .insert(companies)
    .values({ id: newId(), name: 'Acme', frontBaseUrl: 'https://front.example', ...more })
    .returning()
  return only(rows)
}

type ChannelOptions = Partial<typeof channels.$inferInsert> & {
  /** State of both sides, such as `{ heldSince: new Date() }`. */
  target?: Partial<typeof targets.$inferInsert>
}

/** A channel with its targets; in a company of its own unless told. */
export async function createChannel(db: Database, { target, ...more }: ChannelOptions = {}): Promise<Channel> {
  const id = newId()
  const companyId = more.companyId ?? (await createCompany(db)).id
  const values = {
    id,
    companyId,
    key: newId(),
    name: 'Website chat',
    frontChannelId: `cha_${id.replaceAll('-', '')}`,
    threading: { type: 'provider' },
    providerUrl: 'https://provider.example/messages',
    ...more,
  }
  const channel = only(await db.insert(channels).values(values).returning())
  await db.insert(targets).values([
    { ...target, channelId: channel.id, direction: 'inbound' },
    { ...target, channelId: channel.id, direction: 'outbound' },
    { channelId: channel.id, direction: 'report' },
  ])
  return channel
}

export async function setTarget(
  db: Database,
  channelId: string,
  direction: LaneDirection,
  change: Partial<typeof targets.$inferInsert>,
): Promise<void> {
  await db
    .update(targets)
    .set(change)
    .where(and(eq(targets.channelId, channelId), eq(targets.direction, direction)))
}

export async function createConversation(
  db: Database,
  channelId: string,
  more: Partial<typeof conversations.$inferInsert> = {},
): Promise<Conversation> {
  const id = newId()
  const values = {
    id,
    channelId,
    key: `visitor-${id}`,
    contactHandle: `visitor-${id}`,
    contactName: 'Ada Example',
    ...more,
  }
  const conversation = only(await db.insert(conversations).values(values).returning())
  if (conversation.frontConversationId) {
    await db
      .insert(frontConversations)
      .values({ channelId, frontConversationId: conversation.frontConversationId, conversationId: id })
  }
  return conversation
}

type MessageOptions = Partial<typeof messages.$inferInsert> & {
  /** State of its delivery. Pending and retrying ones wait in their lane unless `queued` is false. */
  delivery?: Partial<typeof deliveries.$inferInsert>
  queued?: boolean
  /** Ids that it goes by, besides our own. */
  keys?: Partial<Record<MessageKeyKind, string>>
}

/** A message with its delivery, delivered unless told otherwise. Its time is the time of its id. */
export async function createMessage(
  db: Database,
  conversation: Pick<Conversation, 'id' | 'channelId' | 'contactHandle' | 'contactName'>,
  { delivery = {}, queued, keys = {}, ...more }: MessageOptions = {},
): Promise<Message> {
  const id = more.id ?? newId()
  const direction = more.direction ?? 'inbound'
  const place = { channelId: conversation.channelId, conversationId: conversation.id, direction }
  const body = more.body ?? 'Hello, where is my order?'
  const values = {
    id,
    ...place,
    contactHandle: conversation.contactHandle,
    contactName: conversation.contactName,
    body,
    bodyFormat: 'text' as const,
    bodyText: body,
    raw: { body },
    attachments: [],
    threadReason: 'The provider named the conversation.',
    ...more,
  }
  const message = only(await db.insert(messages).values(values).returning())
  const status = delivery.status ?? 'delivered'
  await db.insert(deliveries).values({ id, ...place, createdAt: message.createdAt, ...delivery, status })
  const waits = queued ?? (status === 'pending' || status === 'retrying')
  if (waits) await enqueueAs(db, { id, ...place }, delivery)
  for (const [kind, value] of Object.entries(keys)) {
    if (isKind(kind))
      await db.insert(messageKeys).values({ channelId: conversation.channelId, kind, value, messageId: id })
  }
  return message
}

type Queued = { id: string; channelId: string; conversationId: string; direction: Direction }

async function enqueueAs(db: Database, place: Queued, delivery: MessageOptions['delivery']): Promise<void> {
  await db.transaction((tx) => requeueDelivery(tx, place))
  await db
    .update(laneQueue)
    .set({ queuedAt: timeOfId(place.id) })
    .where(eq(laneQueue.deliveryId, place.id))
  const lane = and(eq(lanes.conversationId, place.conversationId), eq(lanes.direction, place.direction))
  if (delivery?.status === 'failed') await db.update(lanes).set({ dueAt: null }).where(lane)
  else if (delivery?.nextAttemptAt) {
    await db
      .update(lanes)
      .set({ dueAt: delivery.nextAttemptAt, attempt: delivery.attempts ?? 1 })
      .where(lane)
  }
}

export async function createAttempt(
  db: Database,
  deliveryId: string,
  more: Partial<typeof attempts.$inferInsert> = {},
): Promise<void> {
  await db.insert(attempts).values({
    id: newId(),
    deliveryId,
    n: 1,
    startedAt: new Date(),
    durationMs: 120,
    method: 'POST',
    url: 'https://front.example/channels/cha_1/incoming_messages',
    ip: '192.0.2.1',
    requestHeaders: { authorization: 'Bearer [masked]', 'content-type': 'application/json' },
    requestBody: '{"body":"Hello, where is my order?"}',
    responseStatus: 202,
    responseHeaders: { 'content-type': 'application/json' },
    responseBody: '{"status":"accepted","message_uid":"uid_1"}',
    responseBytes: 44,
    outcome: 'delivered',
    ...more,
  })
}

export async function createRequest(
  db: Database,
  channelId: string | null,
  more: Partial<typeof requests.$inferInsert> = {},
): Promise<typeof requests.$inferSelect> {
  const values = {
    id: newId(),
    channelId,
    direction: 'inbound' as const,
    method: 'POST',
    path: '/api/channels/key/incoming',
    ip: '192.0.2.7',
    status: 422,
    code: 'invalid_input',
    message: 'The message is not complete.',
    details: [{ path: 'sender.handle', message: 'is missing' }],
    headers: { 'content-type': 'application/json', authorization: 'Bearer [masked]' },
    bodyExcerpt: '{"body":"Hi"}',
    bodyBytes: 13,
    durationMs: 4,
    ...more,
  }
  return only(await db.insert(requests).values(values).returning())
}

function isKind(kind: string): kind is MessageKeyKind {
  return ['provider', 'provider_answer', 'front', 'uid'].includes(kind)
}

function only<T>(rows: T[]): T {
  const [row] = rows
  if (row === undefined) throw new Error('The database gave nothing back.')
  return row
}
