import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { parseCallUpdate, parseNewCall } from '#lib/calls/fields'
import { channelAddresses } from '#lib/channels/addresses'
import { applicationSnippets, sendSnippets, statusSnippet } from '#lib/channels/snippets'
import { checkHandle } from '#lib/provider/handles'
import { parseIncomingMessage, parseSentMessage } from '#lib/provider/schemas'
import { parseStatusUpdate } from '#lib/provider/status-update'
import { parseTemplate } from '#lib/templates/fields'

const incomingUrl = 'https://relay.example/api/channels/ch_1/incoming'

for (const contactType of ['custom', 'email', 'phone'] as const) {
  test(`a shell reads the curl snippet for ${contactType} channels as the call it shows, and we would take its body`, () => {
    const { curl } = sendSnippets({ incomingUrl, contactType })
    const [url, , authorization, , type, , body] = argumentsOf(curl)
    expect([url, authorization, type]).toEqual([
      incomingUrl,
      'Authorization: Bearer YOUR_KEY',
      'Content-Type: application/json',
    ])
    const message = parseIncomingMessage(JSON.parse(body ?? ''), { fileCount: 0, kind: 'custom' })
    expect(checkHandle({ handle: message.sender.handle, contactType })).toMatchObject({ ok: true })
  })
}

const addresses = channelAddresses({ publicUrl: 'https://relay.example', channelKey: 'ch_1' })

const READERS: Record<string, (body: unknown) => unknown> = {
  'Sent outside Front': (body) => parseSentMessage(body, { fileCount: 0 }),
  'The channel does not work': parseStatusUpdate,
  'A message template': (body) => parseTemplate(body, null),
  'A phone call begins': parseNewCall,
  'The call goes on': parseCallUpdate,
  'A reply bounced': parseStatusUpdate,
}

const more = [
  ...applicationSnippets({ addresses, contactType: 'phone' }),
  { label: 'A reply bounced', curl: statusSnippet({ addresses }) },
]
for (const { label, curl } of more) {
  test(`we would take the body of the snippet “${label}”`, () => {
    const body: unknown = JSON.parse(argumentsOf(curl).at(-2) ?? '')
    expect(READERS[label]?.(body)).toMatchObject({})
  })
}

/** What a shell hands to curl, and an empty text after it. */
function argumentsOf(curl: string): string[] {
  return execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${curl}`], { encoding: 'utf8' }).split('\0')
}
