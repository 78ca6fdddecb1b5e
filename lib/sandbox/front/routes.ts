import { receiveInboundMessage, receiveOutboundMessage } from '#lib/sandbox/front/app-messages'
import { type FrontCall, type FrontHandler, paramOf } from '#lib/sandbox/front/call'
import { setChannelStatus, setMessageStatus } from '#lib/sandbox/front/channel-status'
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
import { createCall } from '#lib/sandbox/front/new-phone-call'
import { addRecording, addSummary, addTranscript, updateCall } from '#lib/sandbox/front/phone-calls'
import { teammateResource } from '#lib/sandbox/front/resources'
import { patchTemplate, putTemplate } from '#lib/sandbox/front/templates'
import { findTeammate, SANDBOX_COMPANY, SANDBOX_TEAMMATES } from '#lib/sandbox/identity'

export type Route = {
  method: string
  path: string[]
  handle: FrontHandler
  /** Whose token opens it: the company's API token, or that of one application channel. */
  opens: 'company' | 'channel' | 'both'
  /** Brings a message in: it has the burst limit, and the switches hit it first. */
  isIntake?: boolean
}

const ROUTES: Route[] = [
  route('company', 'GET /me', getIdentity),
  route('company', 'GET /teammates', listTeammates),
  route('company', 'GET /teammates/*', getTeammate),
  route('company', 'GET /inboxes', listInboxes),
  route('company', 'GET /inboxes/*', getInbox),
  route('company', 'GET /inboxes/*/channels', listInboxChannels),
  route('company', 'POST /inboxes/*/channels', createChannel),
  route('company', 'GET /channels', listChannels),
  route('company', 'GET /channels/*', getChannel),
  // The same method and path are two different calls (B5 and A4).
  route('both', 'PATCH /channels/*', (call) =>
    call.caller.kind === 'company' ? updateChannel(call) : setChannelStatus(call),
  ),
  { ...route('company', 'POST /channels/*/incoming_messages', receiveCustomMessage), isIntake: true },
  { ...route('channel', 'POST /channels/*/inbound_messages', receiveInboundMessage), isIntake: true },
  { ...route('channel', 'POST /channels/*/outbound_messages', receiveOutboundMessage), isIntake: true },
  route('channel', 'PUT /channels/*/conversations/*/messages/*/status', setMessageStatus),
  route('channel', 'PUT /channels/*/application_message_templates', putTemplate),
  route('channel', 'PATCH /channels/*/application_message_templates/*', patchTemplate),
  route('channel', 'POST /channels/*/calls', createCall),
  route('channel', 'PATCH /channels/*/calls/*', updateCall),
  route('channel', 'POST /channels/*/calls/*/recording', addRecording),
  route('channel', 'POST /channels/*/calls/*/summary', addSummary),
  route('channel', 'POST /channels/*/calls/*/transcript', addTranscript),
  route('both', 'GET /messages/*', getMessage),
  route('both', 'GET /messages/*/seen', listSeen),
  route('both', 'POST /messages/*/seen', markSeen),
  route('both', 'GET /messages/*/download/*', downloadOfMessage),
  route('company', 'GET /download/*', downloadFile),
  route('both', 'GET /conversations/*', getConversation),
  route('both', 'GET /conversations/*/messages', listMessages),
  route('both', 'GET /conversations/*/inboxes', listConversationInboxes),
  route('both', 'GET /conversations/*/comments', listComments),
  route('both', 'POST /conversations/*/comments', createComment),
]

export function findRoute(method: string, segments: string[]): { route: Route; params: string[] } | undefined {
  const found = ROUTES.find((candidate) => candidate.method === method && fits(candidate.path, segments))
  return found && { route: found, params: segments.filter((_, position) => found.path[position] === '*') }
}

function fits(path: string[], segments: string[]): boolean {
  return path.length === segments.length && path.every((part, position) => part === '*' || part === segments[position])
}

function route(opens: Route['opens'], pattern: string, handle: FrontHandler): Route {
  const [method = '', path = ''] = pattern.split(' ')
  return { method, path: path.slice(1).split('/'), handle, opens }
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
