import { describe, expect, test } from 'vitest'
import { alertWords } from '#lib/alerts/alert-words'
import { emailBody } from '#lib/alerts/email-body'
import type { AlertEvent } from '#lib/alerts/event'
import { slackBody } from '#lib/alerts/slack-body'

const failing: AlertEvent = {
  type: 'channel.failing',
  timestamp: '2026-11-27T10:05:00.000Z',
  data: {
    title: 'Chat <b> & co: messages to the provider fail',
    channel: {
      id: 'c-1',
      name: 'Chat <b> & co',
      front_id: 'cha_1',
      kind: 'custom',
      url: 'https://p.example/channels/c-1',
    },
    since: '2026-11-27T10:00:00.000Z',
    held_back: true,
    direction: 'outbound',
    failures_in_a_row: 5,
    waiting: 3,
    oldest_waiting_at: '2026-11-27T09:58:00.000Z',
    missing: null,
    reason: null,
    last_error: { class: 'server_error', title: 'Trouble on the other side', message: '<!channel> "500"' },
  },
}
const recovered: AlertEvent = {
  ...failing,
  type: 'channel.recovered',
  data: {
    ...failing.data,
    held_back: false,
    failures_in_a_row: null,
    waiting: 0,
    oldest_waiting_at: null,
    last_error: null,
  },
}

describe('an alert in words', () => {
  test('says what, since when, how many wait, why, and that it was held back, in the zone of its reader', () => {
    const { tone, facts, note, link } = alertWords(failing, 'Europe/Berlin')
    const text = facts.map((fact) => `${fact.label}: ${fact.text}`).join('\n')
    expect(tone).toBe('bad')
    expect(text).toMatch(/Since: 27 Nov 2026, 11:00:00 (CET|GMT\+1)/)
    expect(text).toMatch(/Waiting: 3 messages, the oldest since 27 Nov 2026, 10:58:00/)
    expect(text).toMatch(/Failed in a row: 5 attempts/)
    expect(text).toMatch(/Last error: Trouble on the other side\. /)
    expect(note).toMatch(/held this back/)
    expect(link).toBe('https://p.example/channels/c-1')
  })

  test('says of an end how long it lasted', () => {
    const { tone, facts, note } = alertWords(recovered)
    expect(tone).toBe('good')
    expect(facts.map(({ label }) => label)).toEqual(['Channel', 'Began', 'Lasted', 'Waiting'])
    expect(facts.map(({ text }) => text).slice(2)).toEqual(['5 min', 'Nothing'])
    expect(note).toBeNull()
  })
})

test('for Slack nothing that others wrote becomes a mention or a link', () => {
  const { text, blocks } = JSON.parse(slackBody(failing))
  expect(text).toContain('Chat &lt;b&gt; &amp; co')
  expect(JSON.stringify(blocks)).not.toContain('<!channel>')
  expect(JSON.stringify(blocks).match(/<http/g)).toHaveLength(1)
})

test('in a letter nothing that others wrote becomes HTML', () => {
  const { subject, html, text } = emailBody(failing)
  expect(subject).toBe('[Patchbay] Chat <b> & co: messages to the provider fail')
  expect(html).toContain('Chat &lt;b&gt; &amp; co')
  expect(html).not.toContain('<!channel>')
  expect(text).toContain('Open the channel: https://p.example/channels/c-1')
})
