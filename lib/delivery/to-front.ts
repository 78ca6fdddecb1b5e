import type { Work } from '#lib/delivery/carry'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { findArrived } from '#lib/delivery/find-arrived'
import { frontAccess } from '#lib/delivery/front-access'
import { messageRequest } from '#lib/delivery/message-request'
import { createRoom } from '#lib/delivery/room'
import { emptyRow, noApiToken, type Tried, untried } from '#lib/delivery/settlement'
import { tryRequest } from '#lib/delivery/try-request'
import { describeError, parseJson, readAccepted, readRateLimit } from '#lib/front/answers'
import type { HttpAnswer } from '#lib/http/http-result'

/** A file is in memory several times over while it is sent: fifty large ones at once would end the process. */
const filesInMemory = createRoom(50_000_000)

/** Carries an inbound message to Front: A1 into a custom channel, A2 or A3 into one of an app. */
export async function deliverToFront(deps: DeliveryDeps, work: Work): Promise<Tried> {
  const settled = work.cargo.delivery.answerLost ? await answerLost(deps, work) : null
  if (settled) return settled
  const size = work.cargo.message.attachments.reduce((sum, file) => sum + file.size, 0)
  const { tried, answer } = await filesInMemory.use(size, async () => {
    // Only now, since there may have been a wait for room: a channel token lives for seconds.
    const access = await frontAccess(deps, work.route)
    if (!access) return { tried: noApiToken(deps.now()), answer: null }
    const request = await messageRequest(deps.db, { ...work, access })
    return tryRequest(deps, request, { describe: describeError })
  })
  if (!answer) return tried
  if (tried.judgement.verdict === 'delivered' && !isFronts(answer)) return notFront(tried)
  return {
    ...tried,
    ...limitsOf(answer, deps.now()),
    learned: { message_uid: readAccepted(answer)?.messageUid ?? null },
  }
}

/** Front answers in JSON, or with nothing. A page that says "200" stands in front of it, or the base URL is wrong. */
function isFronts({ body }: { body: string }): boolean {
  return body.trim() === '' || typeof parseJson(body) === 'object'
}

function notFront(tried: Tried): Tried {
  const error = 'The answer is not one of Front’s, so the message may not have reached it. Check the base URL.'
  return {
    ...tried,
    judgement: { verdict: 'try_again', errorClass: 'unexpected_answer', answerLost: true },
    row: { ...tried.row, error_class: 'unexpected_answer', error },
  }
}

/** What to do when an earlier answer was lost; null when the message is to be sent. */
async function answerLost(deps: DeliveryDeps, work: Work): Promise<Tried | null> {
  if (work.cargo.message.frontState === 'confirmed') return arrived(deps.now())
  const found = await findArrived(deps, work)
  if (found.kind !== 'unknown') return found.kind === 'absent' ? null : found.tried
  // A person who asks for another try has decided that a second copy is better than none.
  if (work.route.channel.lostAnswer === 'send_again' || work.cargo.delivery.requestedBy) return null
  const error =
    'Front’s answer to an earlier attempt was lost, so the message may have arrived already. This channel is set to stop ' +
    'here. Look in Front, then send it again or discard it.'
  return untried('may_have_arrived', 'give_up', error, deps.now())
}

/** Front has told us by itself that it has the message. */
function arrived(now: Date): Tried {
  const error = 'Front said meanwhile that the message had arrived, so it was not sent again.'
  return {
    judgement: { verdict: 'delivered', errorClass: null, answerLost: false },
    row: { ...emptyRow(now), error },
    askedMs: null,
    hold: null,
    learned: {},
  }
}

/** What an answer of Front says of its limits: the wait that it asks for and whom that concerns, and what is left. */
export function limitsOf(answer: HttpAnswer, now: Date): Pick<Tried, 'askedMs' | 'hold' | 'quota'> {
  const { retryAfterMs, limit, remaining } = readRateLimit(answer, now)
  return {
    askedMs: retryAfterMs,
    // A burst limit belongs to one route of one channel; the ordinary limit to the whole company.
    hold: answer.status === 429 && !isBurst(answer) ? 'company' : 'target',
    quota: limit === null || remaining === null ? null : { limit: Math.round(limit), left: Math.round(remaining) },
  }
}

function isBurst({ headers, body }: { headers: Record<string, string>; body: string }): boolean {
  return headers['x-front-tier'] !== undefined || /tier-\d/.test(body)
}
