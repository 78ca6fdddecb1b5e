import type { ContactType } from '#db/schema/channels'
import type { channelAddresses } from '#lib/channels/addresses'

const HANDLES: Record<ContactType, string> = {
  custom: 'visitor-42',
  email: 'ada@example.com',
  phone: '+12025550123',
}

type Sending = { incomingUrl: string; contactType: ContactType }

/** How a provider sends a message, ready to paste; the key is left to be filled in. */
export function sendSnippets({ incomingUrl, contactType }: Sending): { curl: string; node: string } {
  const message = {
    external_id: 'm-1001',
    sender: { handle: HANDLES[contactType], name: 'Ada Example' },
    body: 'Hello, where is my parcel?',
    body_format: 'text',
    conversation_key: 'chat-17',
  }
  const json = JSON.stringify(message, null, 2)
  const curl = postWithCurl(incomingUrl, message)
  const node = `const response = await fetch('${incomingUrl}', {
  method: 'POST',
  headers: {
    authorization: \`Bearer \${process.env.PATCHBAY_KEY}\`,
    'content-type': 'application/json',
  },
  body: JSON.stringify(${json.replaceAll('\n', '\n  ')}),
})
// 202: stored for good. 429 and 5xx: send it again, with the same external_id.
console.log(response.status, await response.json())`
  return { curl, node }
}

/** How a provider checks a reply of ours. */
export function verifySnippet(): string {
  return `import { Webhook } from 'standardwebhooks'

const webhook = new Webhook(process.env.PATCHBAY_SIGNING_SECRET) // whsec_...

// The body exactly as it arrived, before anything parses it.
export function readReply(rawBody, headers) {
  const reply = webhook.verify(rawBody, {
    'webhook-id': headers['webhook-id'],
    'webhook-timestamp': headers['webhook-timestamp'],
    'webhook-signature': headers['webhook-signature'],
  }) // throws when it is not ours, or older than five minutes
  // webhook-id stays the same on every attempt: ignore one that you have had.
  return reply
}`
}

type Providing = { addresses: ReturnType<typeof channelAddresses>; contactType: ContactType }

/** What a provider tells of a reply later, or of the channel as a whole: for channels of both kinds. */
export function statusSnippet({ addresses }: Pick<Providing, 'addresses'>): string {
  const bounce = { status: 'failed', message_id: 'THE_MESSAGE_ID', reason: 'The mailbox is full.' }
  return postWithCurl(addresses.status, bounce)
}

/** What else a provider may post to an application channel. */
export function applicationSnippets({ addresses, contactType }: Providing): { label: string; curl: string }[] {
  const party = { handle: HANDLES[contactType], name: 'Ada Example' }
  const sent = { external_id: 'm-1002', to: [party], body: 'Your parcel is on its way.', conversation_key: 'chat-17' }
  const template = {
    external_id: 'parcel-update',
    name: 'Parcel update',
    blurb: 'Your parcel {{1}} …',
    is_disabled: false,
    status_name: 'APPROVED',
    variable_mappings: [{ uid: '{{1}}', type: 'text', name: 'Parcel number' }],
    template_preview: '<p>Your parcel {{1}} is on its way.</p>',
  }
  const call = { external_call_id: 'call-1', direction: 'inbound', initial_status: 'ringing', from: party }
  const update = { call_status: 'connected', agent_email_address: 'teammate@example.com' }
  return [
    { label: 'Sent outside Front', curl: postWithCurl(addresses.sent, sent) },
    { label: 'The channel does not work', curl: postWithCurl(addresses.status, OFFLINE) },
    { label: 'A message template', curl: postWithCurl(addresses.templates, template) },
    { label: 'A phone call begins', curl: postWithCurl(addresses.calls, call) },
    { label: 'The call goes on', curl: postWithCurl(`${addresses.calls}/call-1`, update, 'PATCH') },
  ]
}

const OFFLINE = { status: 'offline', reason: 'The access to the messenger has expired.' }

function postWithCurl(url: string, body: object, method = 'POST'): string {
  return [
    `curl ${method === 'POST' ? '' : `-X ${method} `}'${url}' \\`,
    `  -H 'Authorization: Bearer YOUR_KEY' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(body, null, 2)}'`,
  ].join('\n')
}
