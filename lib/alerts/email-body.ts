import { alertWords } from '#lib/alerts/alert-words'
import type { AlertEvent } from '#lib/alerts/event'

export type EmailBody = { subject: string; text: string; html: string }

/** An alert as a letter: text, and the same as HTML without anything that has to be loaded. */
export function emailBody(event: AlertEvent, timeZone?: string): EmailBody {
  const { title, facts, note, link } = alertWords(event, timeZone)
  const sentence = `${title}.`
  const why = 'You get this because Patchbay alerts this address. An admin can change that under Settings, Alerts.'
  const text = [
    sentence,
    '',
    ...facts.map(({ label, text }) => `${label}: ${text}`),
    ...(note ? ['', note] : []),
    '',
    `Open the channel: ${link}`,
    '',
    why,
    '',
  ].join('\n')
  const rows = facts
    .map(
      ({ label, text }) =>
        `<tr><th align="left" valign="top" style="padding:2px 16px 2px 0">${escaped(label)}</th><td>${escaped(text)}</td></tr>`,
    )
    .join('')
  const html = [
    '<!doctype html><html lang="en"><body style="font-family:sans-serif;font-size:15px;line-height:1.5">',
    `<p><strong>${escaped(sentence)}</strong></p>`,
    `<table style="border-collapse:collapse">${rows}</table>`,
    note ? `<p>${escaped(note)}</p>` : '',
    `<p><a href="${escaped(link)}">Open the channel in Patchbay</a></p>`,
    `<p style="color:#666;font-size:13px">${why}</p>`,
    '</body></html>',
  ].join('')
  return { subject: `[Patchbay] ${title}`, text, html }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
