import { type FrontCall, type FrontHandler, paramOf } from '#lib/sandbox/front/call'
import {
  createChannel,
  getChannel,
  getInbox,
  listChannels,
  listInboxChannels,
  listInboxes,
  updateChannel,
} from '#lib/sandbox/front/channels'
import {
  createComment,
  getConversation,
  listComments,
  listConversationInboxes,
  listMessages,
} from '#lib/sandbox/front/conversations'
import { unknownId } from '#lib/sandbox/front/errors'
import { receiveCustomMessage } from '#lib/sandbox/front/incoming'
import { downloadFile, downloadOfMessage, getMessage, listSeen, markSeen } from '#lib/sandbox/front/messages'
import { teammateResource } from '#lib/sandbox/front/resources'
import { findTeammate, SANDBOX_COMPANY, SANDBOX_TEAMMATES } from '#lib/sandbox/identity'

type Route = {
  method: string
  path: string[]
  handle: FrontHandler
  /** Brings a message in: it has the burst limit, and the switches hit it first. */
  isIntake?: boolean
}

const ROUTES: Route[] = [
  route('GET /me', getIdentity),
  route('GET /teammates', listTeammates),
  route('GET /teammates/*', getTeammate),
  route('GET /inboxes', listInboxes),
  route('GET /inboxes/*', getInbox),
  route('GET /inboxes/*/channels', listInboxChannels),
  route('POST /inboxes/*/channels', createChannel),
  route('GET /channels', listChannels),
  route('GET /channels/*', getChannel),
  route('PATCH /channels/*', updateChannel),
  { ...route('POST /channels/*/incoming_messages', receiveCustomMessage), isIntake: true },
  route('GET /messages/*', getMessage),
  route('GET /messages/*/seen', listSeen),
  route('POST /messages/*/seen', markSeen),
  route('GET /messages/*/download/*', downloadOfMessage),
  route('GET /download/*', downloadFile),
  route('GET /conversations/*', getConversation),
  route('GET /conversations/*/messages', listMessages),
  route('GET /conversations/*/inboxes', listConversationInboxes),
  route('GET /conversations/*/comments', listComments),
  route('POST /conversations/*/comments', createComment),
]

export function findRoute(method: string, segments: string[]): { route: Route; params: string[] } | undefined {
  const found = ROUTES.find((candidate) => candidate.method === method && fits(candidate.path, segments))
  return found && { route: found, params: segments.filter((_, position) => found.path[position] === '*') }
}

function fits(path: string[], segments: string[]): boolean {
  return path.length === segments.length && path.every((part, position) => part === '*' || part === segments[position])
}

function route(pattern: string, handle: FrontHandler): Route {
  const [method = '', path = ''] = pattern.split(' ')
  return { method, path: path.slice(1).split('/'), handle }
}

async function getIdentity({ base }: FrontCall): Promise<Response> {
  return Response.json({ _links: { self: `${base}/me` }, ...SANDBOX_COMPANY })
}

async function listTeammates({ base }: FrontCall): Promise<Response> {
  const results = SANDBOX_TEAMMATES.map((teammate) => teammateResource(teammate, base))
  return Response.json({ _links: { self: `${base}/teammates` }, _results: results })
}

async function getTeammate(call: FrontCall): Promise<Response> {
  const teammate = findTeammate(paramOf(call, 0))
  if (!teammate) throw unknownId('teammate', paramOf(call, 0))
  return Response.json(teammateResource(teammate, call.base))
}
