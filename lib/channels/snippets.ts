import type { ContactType } from '#db/schema/channels'

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
  const curl = [
    `curl '${incomingUrl}' \\`,
    `  -H 'Authorization: Bearer YOUR_KEY' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${json}'`,
  ].join('\n')
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
