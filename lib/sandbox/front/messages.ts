import { findSandboxFile, findSandboxMessage } from '#db/queries/sandbox-messages'
import { type FrontCall, paramOf } from '#lib/sandbox/front/call'
import { refuseOtherChannel } from '#lib/sandbox/front/channels'
import { FrontError, unknownId } from '#lib/sandbox/front/errors'
import { messageResource, type SandboxMessage } from '#lib/sandbox/front/resources'
import { storageSignature } from '#lib/sandbox/identity'

const STORAGE_LIFE_S = 300

/** C1: by id or by `alt:uid:`. Not found while the message is not created yet (T9). */
export async function getMessage(call: FrontCall): Promise<Response> {
  const toApp = call.caller.kind === 'channel'
  return Response.json(messageResource(await messageOf(call), call.base, { toApp }))
}

async function messageOf(call: FrontCall): Promise<SandboxMessage> {
  const name = paramOf(call, 0)
  const by = name.startsWith('alt:uid:') ? { uid: name.slice('alt:uid:'.length) } : { id: name }
  const message = await findSandboxMessage(call.deps.db, by, call.deps.now)
  if (!message) throw unknownId('message', name)
  refuseOtherChannel(call, message.channelId)
  return message
}

/** C4 */
export async function downloadOfMessage(call: FrontCall): Promise<Response> {
  const message = await messageOf(call)
  const fileId = paramOf(call, 1)
  if (!message.content.attachments.some((file) => file.id === fileId)) throw unknownId('attachment', fileId)
  return toStorage(call, fileId)
}

/** C5 */
export async function downloadFile(call: FrontCall): Promise<Response> {
  const fileId = paramOf(call, 0)
  if (!(await findSandboxFile(call.deps.db, fileId))) throw unknownId('attachment', fileId)
  return toStorage(call, fileId)
}

/** Front answers with a signed address of its storage, which refuses a forwarded token (T21). */
function toStorage({ deps }: FrontCall, fileId: string): Response {
  const expiresS = Math.floor(deps.now.getTime() / 1000) + STORAGE_LIFE_S
  const signature = storageSignature(fileId, expiresS, deps.keys[0])
  const location = `${deps.publicUrl}/sandbox/storage/${fileId}?expires=${expiresS}&signature=${signature}`
  return new Response(null, { status: 302, headers: { location } })
}

/** C2 and C3 exist so that the links of a message lead somewhere; nobody reads mail here, so nothing is ever seen. */
export async function listSeen(call: FrontCall): Promise<Response> {
  const message = await messageOf(call)
  return Response.json({ _links: { self: `${call.base}/messages/${message.id}/seen` }, _results: [] })
}

export async function markSeen(call: FrontCall): Promise<Response> {
  const message = await messageOf(call)
  if (message.isInbound) throw new FrontError(400, 'Bad request', 'Only outbound messages can be marked as seen')
  return new Response(null, { status: 204 })
}
