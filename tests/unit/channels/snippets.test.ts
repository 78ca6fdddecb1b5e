import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { sendSnippets } from '#lib/channels/snippets'
import { checkHandle } from '#lib/provider/handles'
import { parseIncomingMessage } from '#lib/provider/schemas'

const incomingUrl = 'https://relay.example/api/channels/ch_1/incoming'

for (const contactType of ['custom', 'email', 'phone'] as const) {
  test(`a shell reads the curl snippet for ${contactType} channels as the call it shows, and we would take its body`, () => {
    const { curl } = sendSnippets({ incomingUrl, contactType })
    const printed = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${curl}`], { encoding: 'utf8' })
    const [url, , authorization, , type, , body] = printed.split('\0')
    expect([url, authorization, type]).toEqual([
      incomingUrl,
      'Authorization: Bearer YOUR_KEY',
      'Content-Type: application/json',
    ])
    const message = parseIncomingMessage(JSON.parse(body ?? ''), { fileCount: 0, kind: 'custom' })
    expect(checkHandle({ handle: message.sender.handle, contactType })).toMatchObject({ ok: true })
  })
}
