import {
  addRecordingEndpoint,
  addSummaryEndpoint,
  addTranscriptEndpoint,
  createCallEndpoint,
  showCallEndpoint,
  updateCallEndpoint,
} from '#lib/endpoints/calls'
import type { Endpoint } from '#lib/endpoints/find-endpoint'
import { messageStatusEndpoint } from '#lib/endpoints/message-status'
import type { ProviderVisit } from '#lib/endpoints/provider-call'
import { receiveIncomingEndpoint } from '#lib/endpoints/receive-incoming'
import { receiveSentEndpoint } from '#lib/endpoints/receive-sent'
import { receiveStatusEndpoint } from '#lib/endpoints/receive-status'
import { listTemplatesEndpoint, patchTemplateEndpoint, putTemplateEndpoint } from '#lib/endpoints/templates'
import { storableText } from '#lib/http/storable'

/** `id`: what the path names below the channel, such as a call; empty where it names nothing. */
type Route = { method: string; path: RegExp; answer: (visit: ProviderVisit, id: string) => Promise<Response> }

const ROUTES: Route[] = [
  {
    method: 'POST',
    path: /^incoming$/,
    answer: ({ request, channelKey, deps }) => receiveIncomingEndpoint(request, { channelKey }, deps),
  },
  {
    method: 'GET',
    path: /^messages\/([\w-]+)$/,
    answer: ({ request, channelKey, deps }, messageId) =>
      messageStatusEndpoint(request, { channelKey, messageId }, deps),
  },
  { method: 'POST', path: /^sent$/, answer: receiveSentEndpoint },
  { method: 'POST', path: /^status$/, answer: receiveStatusEndpoint },
  { method: 'GET', path: /^templates$/, answer: listTemplatesEndpoint },
  { method: 'POST', path: /^templates$/, answer: putTemplateEndpoint },
  { method: 'PUT', path: /^templates$/, answer: putTemplateEndpoint },
  { method: 'PUT', path: /^templates\/([^/]+)$/, answer: putTemplateEndpoint },
  { method: 'PATCH', path: /^templates\/([^/]+)$/, answer: patchTemplateEndpoint },
  { method: 'POST', path: /^calls$/, answer: createCallEndpoint },
  { method: 'GET', path: /^calls\/([^/]+)$/, answer: showCallEndpoint },
  { method: 'PATCH', path: /^calls\/([^/]+)$/, answer: updateCallEndpoint },
  { method: 'POST', path: /^calls\/([^/]+)\/recording$/, answer: addRecordingEndpoint },
  { method: 'POST', path: /^calls\/([^/]+)\/summary$/, answer: addSummaryEndpoint },
  { method: 'POST', path: /^calls\/([^/]+)\/transcript$/, answer: addTranscriptEndpoint },
]

const BELOW_CHANNEL = /^\/api\/channels\/([\w-]+)\/(.+)$/

/** What a provider may call below its channel's address; null when there is no such thing. */
export function findProviderEndpoint(method: string, path: string): Endpoint | null {
  const [, channelKey, below] = BELOW_CHANNEL.exec(path) ?? []
  if (!channelKey || !below) return null
  for (const route of ROUTES) {
    const found = route.method === method ? route.path.exec(below) : null
    if (found) return (request, deps) => route.answer({ request, channelKey, deps }, readId(found[1] ?? ''))
  }
  return null
}

/** An id as it was before it was escaped for the path; what is no escape is nobody's id either. */
function readId(segment: string): string {
  try {
    return storableText(decodeURIComponent(segment))
  } catch {
    return segment
  }
}
