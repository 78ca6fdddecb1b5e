import { describe, expect, test } from 'vitest'
import { applicationWebhookUrl, channelAddresses, publicUrlWarning } from '#lib/channels/addresses'

describe('the addresses of a channel', () => {
  test('are built on the configured base, below a path if it has one', () => {
    expect(channelAddresses({ publicUrl: 'https://relay.example/pb', channelKey: 'ch_1' })).toEqual({
      incoming: 'https://relay.example/pb/api/channels/ch_1/incoming',
      messages: 'https://relay.example/pb/api/channels/ch_1/messages/',
      sent: 'https://relay.example/pb/api/channels/ch_1/sent',
      status: 'https://relay.example/pb/api/channels/ch_1/status',
      templates: 'https://relay.example/pb/api/channels/ch_1/templates',
      calls: 'https://relay.example/pb/api/channels/ch_1/calls',
      outgoing: 'https://relay.example/pb/api/front/custom/ch_1/outgoing',
    })
  })

  test('has one address per channel of an app, which Front is told', () => {
    const place = { publicUrl: 'https://relay.example', appKey: 'app_1', channelKey: 'ch_1' }
    expect(applicationWebhookUrl(place)).toBe('https://relay.example/api/front/apps/app_1/channels/ch_1')
  })

  const warnings: Record<string, RegExp> = {
    'http://localhost:3000': /only this machine/,
    'http://127.0.0.1:3000': /only this machine/,
    'http://[::1]:3000': /only this machine/,
    'https://patchbay.localhost': /only this machine/,
    'https://patchbay-git-main.vercel.app': /Vercel may change/,
    'http://relay.example': /not encrypted/,
  }
  for (const [url, warning] of Object.entries(warnings)) {
    test(`warns about ${url}`, () => expect(publicUrlWarning(url)).toMatch(warning))
  }

  for (const url of ['https://relay.example', 'https://notvercel.app', 'https://127.0.0.1.relay.example']) {
    test(`says nothing about ${url}`, () => expect(publicUrlWarning(url)).toBeNull())
  }
})
