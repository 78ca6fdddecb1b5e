import { and, asc, desc, eq, getTableColumns, gte } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Db } from '#db/client'
import { attempts } from '#db/schema/attempts'
import { auditEvents } from '#db/schema/audit-events'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { confirmations } from '#db/schema/confirmations'
import { conversations } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { laneQueue, lanes } from '#db/schema/lanes'
import { messages } from '#db/schema/messages'
import { targets } from '#db/schema/targets'

const MAX_ATTEMPTS = 100
const MAX_AUDIT_EVENTS = 50

/** A message with what surrounds it, for its page. Null when there is none. Selects no secret. */
export async function getMessageDetails(db: Db, id: string) {
  const [row] = await db
    .select({
      message: getTableColumns(messages),
      delivery: getTableColumns(deliveries),
      channel: {
        id: channels.id,
        key: channels.key,
        name: channels.name,
        kind: channels.kind,
        receiveOnly: channels.receiveOnly,
        pausedBy: channels.pausedBy,
        pausedReason: channels.pausedReason,
        lostAnswer: channels.lostAnswer,
        failedHead: channels.failedHead,
        retryDelaysS: channels.retryDelaysS,
        contactType: channels.contactType,
        providerUrl: channels.providerUrl,
        providerFormat: channels.providerFormat,
      },
      company: {
        id: companies.id,
        name: companies.name,
        frontBaseUrl: companies.frontBaseUrl,
        isSandbox: companies.isSandbox,
        holdUntil: companies.holdUntil,
        holdReason: companies.holdReason,
      },
      conversation: {
        id: conversations.id,
        key: conversations.key,
        contactName: conversations.contactName,
        frontConversationId: conversations.frontConversationId,
      },
      target: {
        heldSince: targets.heldSince,
        heldReason: targets.heldReason,
        holdUntil: targets.holdUntil,
        holdUntilReason: targets.holdUntilReason,
      },
    })
    .from(messages)
    .innerJoin(deliveries, eq(deliveries.id, id))
    .innerJoin(channels, eq(channels.id, messages.channelId))
    .innerJoin(companies, eq(companies.id, channels.companyId))
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .leftJoin(targets, and(eq(targets.channelId, messages.channelId), eq(targets.direction, messages.direction)))
    .where(eq(messages.id, id))
    .limit(1)
  return row ?? null
}

export type MessageDetails = NonNullable<Awaited<ReturnType<typeof getMessageDetails>>>

/** The newest attempts of a delivery, newest first. An attempt is never older than its delivery, whose id bounds the search. */
export async function listAttempts(db: Db, deliveryId: string) {
  return db
    .select()
    .from(attempts)
    .where(and(eq(attempts.deliveryId, deliveryId), gte(attempts.id, deliveryId)))
    .orderBy(desc(attempts.id))
    .limit(MAX_ATTEMPTS)
}

export type AttemptDetails = Awaited<ReturnType<typeof listAttempts>>[number]

/** Who did what with something, newest first. */
export async function listAuditEventsOf(db: Db, subjectId: string) {
  return db
    .select({
      id: auditEvents.id,
      actor: auditEvents.actor,
      action: auditEvents.action,
      details: auditEvents.details,
      createdAt: auditEvents.createdAt,
    })
    .from(auditEvents)
    .where(eq(auditEvents.subjectId, subjectId))
    .orderBy(desc(auditEvents.id))
    .limit(MAX_AUDIT_EVENTS)
}

/**
 * Where a delivery waits, without locking it; null when it does not. `ahead` deliveries of its lane go before it, and the
 * one of another lane that `afterId` names.
 */
export async function getQueuePlace(db: Db, deliveryId: string) {
  const elsewhere = alias(laneQueue, 'elsewhere')
  const [row] = await db
    .select({
      laneId: lanes.id,
      seq: laneQueue.seq,
      headSeq: lanes.headSeq,
      lease: lanes.lease,
      dueAt: lanes.dueAt,
      afterId: elsewhere.deliveryId,
    })
    .from(laneQueue)
    .innerJoin(lanes, eq(lanes.id, laneQueue.laneId))
    .leftJoin(deliveries, eq(deliveries.id, laneQueue.deliveryId))
    .leftJoin(elsewhere, eq(elsewhere.deliveryId, deliveries.afterId))
    .where(eq(laneQueue.deliveryId, deliveryId))
    .limit(1)
  if (!row) return null
  const [head] = await db
    .select({ deliveryId: laneQueue.deliveryId })
    .from(laneQueue)
    .where(and(eq(laneQueue.laneId, row.laneId), eq(laneQueue.seq, row.headSeq)))
    .orderBy(asc(laneQueue.seq))
    .limit(1)
  return {
    ahead: row.seq - row.headSeq,
    leased: row.lease !== null,
    dueAt: row.dueAt,
    headDeliveryId: head?.deliveryId ?? null,
    afterId: row.afterId,
  }
}

export type ShownPlace = Awaited<ReturnType<typeof getQueuePlace>>

/** How far the search for an accepted message in Front has come; null when it is not being looked for. */
export async function getConfirmation(db: Db, messageId: string) {
  const [row] = await db.select().from(confirmations).where(eq(confirmations.messageId, messageId)).limit(1)
  return row ?? null
}
