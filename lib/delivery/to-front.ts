import { listFilesOfMessage } from '#db/queries/files'
import type { Work } from '#lib/delivery/carry'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { findArrived } from '#lib/delivery/find-arrived'
import { createRoom } from '#lib/delivery/room'
import { type Tried, untried } from '#lib/delivery/settlement'
import { tryRequest } from '#lib/delivery/try-request'
import { describeError, parseJson, readAccepted, readRateLimit } from '#lib/front/answers'
import { type CustomMessage, receiveCustomMessageRequest } from '#lib/front/custom-message'
import type { FrontAccess } from '#lib/front/transport'
import { unseal } from '#lib/secrets'

/** A file is in memory several times over while it is sent: fifty large ones at once would end the process. */
const filesInMemory = createRoom(50_000_000)

/** Carries an inbound message to Front (A1). */
export async function deliverToFront(deps: DeliveryDeps, work: Work): Promise<Tried> {
  const { company, channel } = work.route
  if (!company.apiTokenSealed) {
    const error = 'No API token of Front is set, so nothing can be sent to Front. Add one in the settings.'
    return untried('no_api_token', 'try_again', error, deps.now())
  }
  const access: FrontAccess = { baseUrl: company.frontBaseUrl, token: unseal(company.apiTokenSealed, deps.keys) }
  const settled = work.cargo.delivery.answerLost ? await answerLost(deps, work, access) : null
  if (settled) return settled
  const size = work.cargo.message.attachments.reduce((sum, file) => sum + file.size, 0)
  const { tried, answer } = await filesInMemory.use(size, async () => {
    const message = await toCustomMessage(deps, work)
    const request = receiveCustomMessageRequest(access, { frontChannelId: channel.frontChannelId, message })
    return tryRequest(deps, request, { describe: describeError })
  })
  if (!answer) return tried
  if (tried.judgement.verdict === 'delivered' && !isFronts(answer)) return notFront(tried)
  const limit = readRateLimit(answer, deps.now())
  return {
    ...tried,
    askedMs: limit.retryAfterMs,
    // A burst limit belongs to one route of one channel; the ordinary limit to the whole company.
    hold: answer.status === 429 && !isBurst(answer) ? 'company' : 'target',
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
async function answerLost(deps: DeliveryDeps, work: Work, access: FrontAccess): Promise<Tried | null> {
  const found = await findArrived(deps, work, access)
  if (found.kind !== 'unknown') return found.kind === 'absent' ? null : found.tried
  // A person who asks for another try has decided that a second copy is better than none.
  if (work.route.channel.lostAnswer === 'send_again' || work.cargo.delivery.requestedBy) return null
  const error =
    'Front’s answer to an earlier attempt was lost, so the message may have arrived already. This channel is set to stop ' +
    'here. Look in Front, then send it again or discard it.'
  return untried('may_have_arrived', 'give_up', error, deps.now())
}

async function toCustomMessage({ db }: DeliveryDeps, { cargo }: Work): Promise<CustomMessage> {
  const { message } = cargo
  const files = message.attachments.length > 0 ? await listFilesOfMessage(db, message.id) : []
  return {
    id: message.id,
    sender: { handle: message.contactHandle, name: message.contactName, contactId: contactIdOf(message.raw) },
    subject: message.subject,
    body: message.body,
    bodyFormat: message.bodyFormat,
    reference: message.reference,
    headers: message.headers,
    files,
  }
}

/** Front's id of the contact, where the provider gave one: it has no column of its own. */
function contactIdOf(raw: unknown): string | null {
  const sender = (raw as { sender?: { contact_id?: unknown } } | null)?.sender
  return typeof sender?.contact_id === 'string' ? sender.contact_id : null
}

function isBurst({ headers, body }: { headers: Record<string, string>; body: string }): boolean {
  return headers['x-front-tier'] !== undefined || /tier-\d/.test(body)
}
