import { z } from 'zod'
import { newId } from '#db/ids'
import { findSandboxChatLine, findSandboxProvider, insertSandboxChatLine } from '#db/queries/sandbox-chat'
import { AppError } from '#lib/errors'
import { openBody } from '#lib/http/read-body'
import { parseJson } from '#lib/http/storable'
import { htmlToText } from '#lib/plain-text'
import { verifyWebhook } from '#lib/provider/signature'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { dropConnection, type Fault, hang, pause, takeFaults } from '#lib/sandbox/faults'
import { unseal } from '#lib/secrets'

const MAX_BYTES = 4_000_000

const envelope = z.object({
  message: z.object({
    text: z.string().nullish(),
    body: z.string(),
    to: z.string().nullish(),
    author: z.object({ name: z.string().nullish() }).nullish(),
  }),
  attachments: z.array(z.object({ filename: z.string(), url: z.string() })).catch([]),
  test: z.boolean().optional(),
})

/** A channel may also pass Front's own Message JSON on. */
const frontMessage = z.object({
  body: z.string(),
  text: z.string().nullish(),
  recipients: z.array(z.object({ handle: z.string(), role: z.string() })),
  author: z.object({ first_name: z.string().nullish(), last_name: z.string().nullish() }).nullish(),
  attachments: z.array(z.object({ filename: z.string(), url: z.string() })).catch([]),
})

type Reply = {
  to: string
  body: string
  author: string | null
  attachments: { filename: string; url: string }[]
  isTest: boolean
}

/** The provider behind the visitor's chat page takes a reply: checks the signature, shows it once, names its own ids. */
export async function answerProviderCall(request: Request, channelKey: string, deps: SandboxDeps): Promise<Response> {
  try {
    return await answer(request, channelKey, deps)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return Response.json({ error: { code: error.code, message: error.message } }, { status: error.status })
  }
}

async function answer(request: Request, channelKey: string, deps: SandboxDeps): Promise<Response> {
  const provider = await findSandboxProvider(deps.db, channelKey)
  if (!provider) throw new AppError('not_found', 'There is no such chat.')
  const rawBody = await openBody(request).read({ bytes: MAX_BYTES, what: 'a reply' })
  const secrets = [unseal(provider.signingSecretSealed, deps.keys)]
  const { webhookId } = verifyWebhook({ headers: request.headers, rawBody, secrets, now: deps.now })
  const reply = readReply(parseJson(rawBody))
  const kinds = ['latency', 'rate_limit', 'server_error', 'refuse', 'hang', 'drop'] as const
  const { latencyMs, fault } = await takeFaults(deps, { side: 'provider', kinds, isIntake: true })
  await pause(latencyMs, request.signal)
  const failure = fault && failBy(fault, deps.now)
  if (failure) return failure
  if (fault?.kind === 'hang') return hang(request.signal)
  const externalId = await showOnce(deps, { reply, channelKey, webhookId })
  if (fault?.kind === 'drop') return dropConnection()
  return Response.json({ external_id: externalId, conversation_key: reply.to })
}

/** A repeated delivery changes nothing and gets the same answer. Tests are shown to nobody. */
async function showOnce(
  { db, now }: SandboxDeps,
  { reply, channelKey, webhookId }: { reply: Reply; channelKey: string; webhookId: string },
): Promise<string> {
  if (reply.isTest) return `test ${webhookId}`.slice(0, 200)
  const line = {
    id: newId(),
    channelKey,
    visitor: reply.to,
    fromVisitor: false,
    author: reply.author,
    body: reply.body,
    attachments: reply.attachments,
    webhookId,
    createdAt: now,
  }
  if (await insertSandboxChatLine(db, line)) return line.id
  return (await findSandboxChatLine(db, { webhookId }))?.id ?? line.id
}

function readReply(json: unknown): Reply {
  const own = envelope.safeParse(json)
  if (own.success) {
    const { message, attachments, test = false } = own.data
    const body = message.text || htmlToText(message.body)
    return { to: message.to ?? '', body, author: message.author?.name ?? null, attachments, isTest: test }
  }
  const front = frontMessage.safeParse(json)
  if (!front.success) throw new AppError('invalid_input', 'This is neither a Patchbay envelope nor a message of Front.')
  const { text, body, recipients, author, attachments } = front.data
  const name = [author?.first_name, author?.last_name].filter(Boolean).join(' ')
  const to = recipients.find((recipient) => recipient.role === 'to')?.handle ?? ''
  return { to, body: text || htmlToText(body), author: name || null, attachments, isTest: false }
}

function failBy({ kind, options }: Fault, now: Date): Response | null {
  if (kind === 'server_error') return fail(options.status, 'The provider has a bad day.')
  if (kind === 'refuse')
    return fail(options.status < 500 ? options.status : 422, 'The provider does not want this message.')
  if (kind !== 'rate_limit') return null
  const until = new Date(now.getTime() + options.waitS * 1000)
  const retryAfter = options.retryAfter === 'date' ? until.toUTCString() : String(options.waitS)
  return fail(429, 'Too many messages.', { 'retry-after': retryAfter })
}

function fail(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error: { message } }, { status, headers })
}
