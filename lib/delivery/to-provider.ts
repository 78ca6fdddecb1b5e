import { z } from 'zod'
import type { Work } from '#lib/delivery/carry'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { saidWords } from '#lib/delivery/said-words'
import { type Tried, untried } from '#lib/delivery/settlement'
import { tryRequest } from '#lib/delivery/try-request'
import { makeFileLink } from '#lib/endpoints/file-links'
import { parseJson, readRetryAfterMs } from '#lib/front/answers'
import { frontMessage, repliedToIdOf } from '#lib/front/schemas'
import type { HttpAnswer } from '#lib/http/http-result'
import { buildEnvelope, type Envelope } from '#lib/provider/envelope'
import { readProviderAnswer } from '#lib/provider/provider-answer'
import { signWebhook } from '#lib/provider/signature'
import { unseal } from '#lib/secrets'

/** A link to a file is made anew for every attempt and works this long. */
const FILE_LINK_MS = 24 * 3_600_000

/**
 * Carries a teammate's reply to the provider, signed by Standard Webhooks under the message's id: to the address and in
 * the format of the channel's settings, or of an earlier attempt where a person wanted that. Keys and headers are today's.
 */
export async function deliverToProvider(deps: DeliveryDeps, work: Work): Promise<Tried> {
  const { url, format, asWas } = wayOf(work)
  if (!url) {
    const error =
      'The channel has no provider URL, so there is nowhere to send replies. Set one in the channel’s settings.'
    return untried('no_provider_url', 'try_again', error, deps.now())
  }
  const { channel } = work.route
  const body = JSON.stringify(format === 'front_message' ? work.cargo.message.raw : toEnvelope(deps, work))
  const extra = channel.providerHeadersSealed ? readHeaders(unseal(channel.providerHeadersSealed, deps.keys)) : {}
  const headers = {
    ...extra,
    'content-type': 'application/json',
    ...(work.cargo.message.isTest ? { 'patchbay-test': 'true' } : {}),
    ...signatureHeaders(deps, work, body),
  }
  const sent = await tryRequest(
    deps,
    { method: 'POST', url, headers, body },
    { describe: describeAnswer, secretHeaders: Object.keys(extra) },
  )
  const tried = { ...sent.tried, row: { ...sent.tried.row, format, as_was: asWas } }
  return readAnswer(deps, tried, sent.answer)
}

/** Where and how the reply is sent. */
function wayOf({ cargo, route: { channel } }: Work) {
  const { retryAs } = cargo.delivery
  return {
    url: retryAs?.url ?? channel.providerUrl,
    format: retryAs?.format ?? channel.providerFormat,
    asWas: retryAs !== null,
  }
}

function readAnswer(deps: DeliveryDeps, tried: Tried, answer: HttpAnswer | null): Tried {
  if (!answer) return tried
  if (tried.judgement.verdict !== 'delivered') {
    const slowDown = answer.status === 429 || answer.status === 503
    const askedMs = readRetryAfterMs(answer.headers['retry-after'], deps.now())
    return { ...tried, askedMs, hold: slowDown ? 'target' : null }
  }
  const ids = readProviderAnswer(answer.body)
  return { ...tried, learned: { external_id: ids.external_id, provider_key: ids.conversation_key } }
}

function signatureHeaders({ keys, now }: DeliveryDeps, { cargo, route }: Work, body: string): Record<string, string> {
  const at = now()
  const secrets = route.keys
    .filter((key) => key.purpose === 'signing' && (key.expiresAt === null || key.expiresAt > at))
    .flatMap((key) => (key.secretSealed ? [unseal(key.secretSealed, keys)] : []))
  const [first, ...others] = secrets.reverse()
  if (first === undefined) throw new Error('The channel has no signing secret.')
  return signWebhook({ id: cargo.message.id, body, secrets: [first, ...others], now: at })
}

function toEnvelope(deps: DeliveryDeps, { cargo, route }: Work): Envelope {
  const { message, conversation } = cargo
  const { channel } = route
  const original = frontMessage.safeParse(message.raw)
  const expiresAt = new Date(deps.now().getTime() + FILE_LINK_MS)
  return buildEnvelope({
    id: message.id,
    createdAt: message.sentAt ?? message.createdAt,
    channel: { key: channel.key, name: channel.name, front_id: channel.frontChannelId },
    conversation: {
      key: conversation.key,
      reference: conversation.reference,
      provider_key: conversation.providerKey,
      front_id: message.frontConversationId ?? conversation.frontConversationId,
    },
    message: {
      body: message.body,
      text: message.bodyText,
      subject: message.subject,
      author: message.author && {
        id: message.author.id ?? null,
        name: message.author.name ?? null,
        email: message.author.email ?? null,
      },
      recipients: (message.recipients ?? []).flatMap(({ handle, name, role }) =>
        handle ? [{ handle, name: name ?? null, role: role ?? null }] : [],
      ),
      to: message.contactHandle,
      front_id: message.frontMessageId,
      front_uid: message.messageUid,
      in_reply_to: original.success ? repliedToIdOf(original.data) : null,
    },
    attachments: message.attachments.map((file, index) => ({
      ...file,
      url: makeFileLink(deps, { messageId: message.id, index, expiresAt }),
      expiresAt,
    })),
    isTest: message.isTest,
  })
}

function readHeaders(json: string): Record<string, string> {
  return parseJson(json) as Record<string, string> // sealed by us from a checked form
}

/** The provider's own words: the message of a JSON error, else the beginning of what it said. */
function describeAnswer({ status, body }: { status: number; body: string }): string {
  const parsed = providerError.safeParse(parseJson(body))
  const said = saidWords(parsed.success ? parsed.data : body)
  return said ? `The provider answered with status ${status}: ${said}` : `The provider answered with status ${status}.`
}

const words = z.string().min(1)
const providerError = z.union([
  words,
  z.object({ message: words }).transform(({ message }) => message),
  z.object({ error: words }).transform(({ error }) => error),
  z.object({ error: z.object({ message: words }) }).transform(({ error }) => error.message),
  z.object({ detail: words }).transform(({ detail }) => detail),
])
