import {
  confirmMessage,
  type DueConfirmation,
  holdCompany,
  markMessageMissing,
  noteCallsLeft,
  postponeConfirmation,
  takeCall,
  takeDueConfirmations,
} from '#db/queries/confirmations'
import { loadRoutes, type Route } from '#db/queries/deliveries'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { frontAccess } from '#lib/delivery/front-access'
import { MAX_ASKED_WAIT_MS } from '#lib/delivery/schedule'
import { clip } from '#lib/delivery/settlement'
import { describeError, parseJson, readRateLimit } from '#lib/front/answers'
import { getMessageRequest, uidAlias } from '#lib/front/requests'
import { conversationIdOf, frontMessage } from '#lib/front/schemas'
import { LIST_BYTES } from '#lib/http/outbound'
import { log } from '#lib/log'

const BATCH = 10
/** Looks of one pass: what is left over comes with the next one. */
const MOST_BATCHES = 20

/** Front makes a message a few seconds after it accepted it. Waits between looks, in seconds. */
const LOOK_AGAIN_S = [1, 2, 5, 15, 30, 60, 120, 300, 300, 900]
/** For what cannot even be looked up, such as with a token that may not read messages. */
const LOOK_SELDOM_S = 3600

const LONGEST_ID = 500

/** A message that Front accepted and does not show after this long is a problem for people. */
const MISSING_AFTER_MS = 10 * 60_000

/**
 * Follows what Front accepted until it is seen there: its ids become known and the conversations paired. Stops between
 * two batches when `isOver` says so.
 */
export async function confirmDue(deps: DeliveryDeps, isOver: () => boolean = () => false): Promise<void> {
  for (let n = 0; n < MOST_BATCHES && !isOver(); n += 1) {
    if ((await confirmBatch(deps)) < BATCH) return
  }
}

async function confirmBatch(deps: DeliveryDeps): Promise<number> {
  const due = await takeDueConfirmations(deps.db, BATCH)
  if (due.length === 0) return 0
  const routes = await loadRoutes(deps.db, [...new Set(due.map((one) => one.channelId))])
  await Promise.all(
    due.map(async (one) => {
      const route = routes.get(one.channelId)
      if (route) await confirmOne(deps, one, route).catch((error) => log('error', 'confirm.failed', { error, ...one }))
    }),
  )
  return due.length
}

async function confirmOne(deps: DeliveryDeps, due: DueConfirmation, route: Route): Promise<void> {
  const { db, transport, now } = deps
  const { company } = route
  const waitMs = (LOOK_AGAIN_S[due.tries - 1] ?? LOOK_SELDOM_S) * 1000
  const postpone = (error: string, ms = waitMs) =>
    postponeConfirmation(db, { messageId: due.messageId, waitMs: ms, error: clip(error, 1000) })
  const noCallMs = await takeCall(db, company.id)
  if (noCallMs > 0) return postpone('Front’s limit of calls is used up for the moment.', noCallMs)
  const access = await frontAccess(deps, route)
  if (!access) return postpone('No API token of Front is set.', 300_000)
  const result = await transport(getMessageRequest(access, uidAlias(due.messageUid)), { maxAnswerBytes: LIST_BYTES })
  if (result.failure) return postpone(result.failure.message)
  const { answer } = result
  const limit = readRateLimit(answer, now())
  await noteCallsLeft(db, { companyId: company.id, ...limit })
  if (answer.status === 404) {
    const overdue = now().getTime() - due.acceptedAt.getTime() > MISSING_AFTER_MS
    return overdue
      ? db.transaction((tx) => markMessageMissing(tx, due.messageId))
      : postpone('Front does not show it yet.')
  }
  const seen = answer.status === 200 ? frontMessage.safeParse(parseJson(answer.body)) : null
  if (!seen?.success) {
    const asked = Math.min(limit.retryAfterMs ?? 0, MAX_ASKED_WAIT_MS)
    const error = clip(seen ? 'Front’s answer could not be read.' : describeError(answer), 1000)
    if (answer.status === 429) await holdCompany(db, { companyId: company.id, waitMs: asked, reason: error })
    return postpone(error, Math.max(waitMs, asked))
  }
  await db.transaction((tx) =>
    confirmMessage(tx, {
      messageId: due.messageId,
      channelId: due.channelId,
      frontMessageId: clip(seen.data.id, LONGEST_ID),
      frontConversationId: clip(conversationIdOf(seen.data) ?? '', LONGEST_ID) || null,
    }),
  )
}
