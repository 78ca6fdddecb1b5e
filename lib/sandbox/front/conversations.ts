import { z } from 'zod'
import { findAnySandboxChannel } from '#db/queries/sandbox-channels'
import { findSandboxConversation, insertSandboxComment, listSandboxComments } from '#db/queries/sandbox-conversations'
import { listSandboxMessages } from '#db/queries/sandbox-messages'
import { listSandboxConversationIds } from '#db/queries/sandbox-threads'
import { type FrontCall, paramOf } from '#lib/sandbox/front/call'
import { refuseOtherChannel } from '#lib/sandbox/front/channels'
import { FrontError, unknownId } from '#lib/sandbox/front/errors'
import { checkFields, readFields } from '#lib/sandbox/front/fields'
import {
  commentResource,
  conversationResource,
  inboxResource,
  messageResource,
  type SandboxConversation,
} from '#lib/sandbox/front/resources'
import { findTeammate, frontId, SANDBOX_INBOXES } from '#lib/sandbox/identity'

const newComment = z.object({
  author_id: z.string().optional(),
  body: z.string(),
  // A form carries booleans as text.
  is_pinned: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).optional(),
})

/** C6. The app of the conversation's channel sees its own ids of it. */
export async function getConversation(call: FrontCall): Promise<Response> {
  const conversation = await conversationOf(call)
  const ids = call.caller.kind === 'company' ? null : await listSandboxConversationIds(call.deps.db, conversation.id)
  return Response.json(conversationResource(conversation, call.base, ids))
}

export async function listConversationInboxes(call: FrontCall): Promise<Response> {
  const conversation = await conversationOf(call)
  const channel = await findAnySandboxChannel(call.deps.db, conversation.channelId)
  const inboxes = SANDBOX_INBOXES.filter((inbox) => inbox.id === channel?.inboxId)
  const self = `${call.base}/conversations/${conversation.id}/inboxes`
  return Response.json({ _links: { self }, _results: inboxes.map((inbox) => inboxResource(inbox, call.base)) })
}

export async function listMessages(call: FrontCall): Promise<Response> {
  const { base, query, deps } = call
  const conversation = await conversationOf(call)
  const limit = readLimit(query.get('limit'))
  const page = {
    conversationId: conversation.id,
    now: deps.now,
    limit: limit + 1,
    before: readToken(query.get('page_token')),
  }
  const rows = await listSandboxMessages(deps.db, page)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const self = `${base}/conversations/${conversation.id}/messages`
  const token = last ? Buffer.from(JSON.stringify([last.visibleAt.toISOString(), last.id])).toString('base64url') : ''
  const next = rows.length > limit ? `${self}?limit=${limit}&page_token=${token}` : null
  const toApp = call.caller.kind === 'channel'
  const results = shown.map((message) => messageResource(message, base, { toApp }))
  return Response.json({ _pagination: { next }, _links: { self }, _results: results })
}

export async function listComments(call: FrontCall): Promise<Response> {
  const conversation = await conversationOf(call)
  const comments = await listSandboxComments(call.deps.db, conversation.id)
  const self = `${call.base}/conversations/${conversation.id}/comments`
  return Response.json({ _links: { self }, _results: comments.map((comment) => commentResource(comment, call.base)) })
}

export async function createComment(call: FrontCall): Promise<Response> {
  const conversation = await conversationOf(call)
  const { fields, files } = await readFields(call.request)
  const input = checkFields(newComment, fields, call.warn)
  if (files.length > 0) call.warn('the sandbox keeps no files of comments')
  const author = input.author_id === undefined ? null : findTeammate(input.author_id)
  if (author === undefined) throw unknownId('teammate', input.author_id ?? '')
  const comment = await insertSandboxComment(call.deps.db, {
    id: frontId('com', call.deps.random),
    conversationId: conversation.id,
    author: author?.id ?? null,
    body: input.body,
    isPinned: input.is_pinned ?? false,
    createdAt: call.deps.now,
  })
  return Response.json(commentResource(comment, call.base), { status: 201 })
}

async function conversationOf(call: FrontCall): Promise<SandboxConversation> {
  const id = paramOf(call, 0)
  const conversation = await findSandboxConversation(call.deps.db, id, call.deps.now)
  if (!conversation) throw unknownId('conversation', id)
  refuseOtherChannel(call, conversation.channelId)
  // Merged: Front points to the conversation that is left (T25).
  if (conversation.mergedInto !== null) throw movedTo(call, conversation.mergedInto)
  return conversation
}

function movedTo(call: FrontCall, id: string): FrontError {
  const path = new URL(call.request.url).pathname.replace(/(\/conversations\/)[^/]+/, `$1${id}`)
  const location = new URL(call.base).origin + path
  return new FrontError(301, 'Moved permanently', `Merged into ${id}`, { headers: { location } })
}

function readLimit(text: string | null): number {
  if (text === null) return 50
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit
  throw new FrontError(400, 'Bad request', 'Query did not satisfy requirements', {
    details: ['query.limit: must be a number between 1 and 100'],
  })
}

const pageToken = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.string()])

function readToken(token: string | null): { visibleAt: Date; id: string } | undefined {
  if (token === null) return undefined
  try {
    const [visibleAt, id] = pageToken.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')))
    return { visibleAt, id }
  } catch {
    throw new FrontError(400, 'Bad request', 'Invalid page token')
  }
}
