import { alertWords } from '#lib/alerts/alert-words'
import type { AlertEvent } from '#lib/alerts/event'

const SIGNS = { bad: ':red_circle:', good: ':large_green_circle:', neutral: ':white_circle:' } as const
const LONGEST_FACT = 600

/**
 * What a Slack-compatible address takes. `text` stands alone, since Mattermost and others show nothing else; Slack shows
 * the blocks.
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function slackBody(event: AlertEvent, timeZone?: string): string {
  const { title, tone, facts, note, link } = alertWords(event, timeZone)
  const lines = facts
    .filter(({ label }) => label !== 'Channel')
    .map(({ label, text }) => `*${label}:* ${escaped(text.slice(0, LONGEST_FACT))}`)
  const head = `${SIGNS[tone]} *${escaped(title)}*`
  const body = [...lines, ...(note ? [escaped(note)] : [])].join('\n')
  const open = `<${link}|Open the channel in Patchbay>`
  const blocks = [head, body, open].flatMap((text) =>
    text ? [{ type: 'section', text: { type: 'mrkdwn', text } }] : [],
  )
  return JSON.stringify({ text: [head, body, open].filter(Boolean).join('\n'), blocks })
}

/** A name must not become a mention of everybody, nor a link. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
