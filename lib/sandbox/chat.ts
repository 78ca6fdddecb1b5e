import { newId } from '#db/ids'
import {
  findSandboxChatLine,
  findSandboxProvider,
  insertSandboxChatLine,
  type SandboxChatLine,
  setSandboxChatError,
} from '#db/queries/sandbox-chat'
import { insertSandboxFiles, listSandboxFiles } from '#db/queries/sandbox-messages'
import { takeTurn } from '#db/queries/throttles'
import { channelAddresses } from '#lib/channels/addresses'
import { AppError } from '#lib/errors'
import type { SandboxDeps } from '#lib/sandbox/deps'
import type { ReceivedFile } from '#lib/sandbox/front/fields'
import { frontId } from '#lib/sandbox/identity'
import { type PostResult, post } from '#lib/sandbox/post'
import { unseal } from '#lib/secrets'

const TIMEOUT_MS = 10_000
/** The chat page is open to anybody with its address. */
const CHAT_LIMIT = { everyMs: 1000, burst: 30 }

export type Visitor = { handle: string; name: string }

/** The visitor writes: stored by the provider, then brought to Patchbay by real HTTP. */
export async function writeAsVisitor(
  deps: SandboxDeps,
  { channelKey, visitor, text, files }: { channelKey: string; visitor: Visitor; text: string; files: ReceivedFile[] },
): Promise<void> {
  await refuseFlood(deps, channelKey)
  const line: SandboxChatLine = {
    id: newId(),
    channelKey,
    visitor: visitor.handle,
    fromVisitor: true,
    author: visitor.name,
    body: text,
    attachments: files.map(({ filename }) => ({ filename, url: '' })),
    webhookId: null,
    error: 'Not sent yet.',
    createdAt: deps.now,
  }
  const stored = files.map((file) => ({
    ...file,
    id: frontId('fil', deps.random),
    messageId: line.id,
    size: file.bytes.length,
  }))
  await deps.db.transaction(async (tx) => {
    await insertSandboxChatLine(tx, line)
    await insertSandboxFiles(tx, stored)
  })
  await bringToPatchbay(deps, line)
}

/** Sends a line that Patchbay did not take once more, under the same external id. */
export async function writeAgain(
  deps: SandboxDeps,
  { channelKey, visitor, lineId }: { channelKey: string; visitor: string; lineId: string },
): Promise<void> {
  await refuseFlood(deps, channelKey)
  const line = await findSandboxChatLine(deps.db, { id: lineId })
  if (!line?.fromVisitor || line.channelKey !== channelKey || line.visitor !== visitor) {
    throw new AppError('not_found', 'There is no such message in this chat.')
  }
  await bringToPatchbay(deps, line)
}

async function refuseFlood({ db }: SandboxDeps, channelKey: string): Promise<void> {
  const turn = await takeTurn(db, { key: `sandbox chat ${channelKey}`, ...CHAT_LIMIT })
  if (!turn.allowed) {
    throw new AppError('rate_limited', 'Too many messages at once. Wait a moment.', { retryAfterS: turn.waitS })
  }
}

async function bringToPatchbay(deps: SandboxDeps, line: SandboxChatLine): Promise<void> {
  const provider = await findSandboxProvider(deps.db, line.channelKey)
  if (!provider) throw new AppError('not_found', 'There is no such chat.')
  const files = await listSandboxFiles(deps.db, line.id)
  const fields = {
    external_id: line.id,
    sender: { handle: line.visitor, name: line.author ?? line.visitor },
    body: line.body,
    body_format: 'text',
    conversation_key: line.visitor,
    sent_at: line.createdAt.toISOString(),
  }
  const authorization = `Bearer ${unseal(provider.bearerKeySealed, deps.keys)}`
  const { incoming: url } = channelAddresses({ publicUrl: deps.publicUrl, channelKey: line.channelKey })
  const json = { headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(fields) }
  const call = files.length === 0 ? json : { headers: { authorization }, body: buildForm(fields, files) }
  await setSandboxChatError(deps.db, line.id, faultOf(await post(deps.send, { url, ...call, timeoutMs: TIMEOUT_MS })))
}

function buildForm(
  { sender, ...fields }: { sender: Visitor } & Record<string, unknown>,
  files: ReceivedFile[],
): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value))
  for (const [name, value] of Object.entries(sender)) form.append(`sender[${name}]`, value)
  for (const [index, { bytes, contentType, filename }] of files.entries()) {
    form.append(`attachments[${index}]`, new Blob([new Uint8Array(bytes)], { type: contentType }), filename)
  }
  return form
}

function faultOf(result: PostResult): string | null {
  if (result.kind === 'failed') return `Patchbay could not be reached. ${result.message}`
  if (result.status >= 200 && result.status < 300) return null
  return `Patchbay answered ${result.status}. ${result.body.slice(0, 300)}`
}
