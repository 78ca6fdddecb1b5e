import type { AlertEvent } from '#lib/alerts/event'
import { asSentence, formatDuration, formatExact } from '#lib/format'

export type AlertWords = {
  title: string
  /** Is something wrong, over, or neither. */
  tone: 'bad' | 'good' | 'neutral'
  /** What is known, as pairs of a label and a text. */
  facts: { label: string; text: string }[]
  /** What is to be said beside that. */
  note: string | null
  link: string
}

const TONES: Partial<Record<AlertEvent['type'], AlertWords['tone']>> = {
  'channel.failing': 'bad',
  'channel.offline': 'bad',
  'channel.backlog_old': 'bad',
  'channel.confirmations_missing': 'bad',
  'alert.test': 'neutral',
}

/** An alert in plain words, the same for every kind of destination. Times are shown in `timeZone`. */
export function alertWords({ type, timestamp, data }: AlertEvent, timeZone = 'UTC'): AlertWords {
  const tone = TONES[type] ?? 'good'
  const at = (time: string) => formatExact(new Date(time), timeZone)
  const lasted = new Date(timestamp).getTime() - new Date(data.since).getTime()
  const facts: [string, string | null][] = [
    ['Channel', data.channel.name],
    [tone === 'good' ? 'Began' : 'Since', type === 'alert.test' ? null : at(data.since)],
    ['Lasted', tone === 'good' ? formatDuration(lasted) : null],
    ['Failed in a row', data.failures_in_a_row === null ? null : attempts(data.failures_in_a_row)],
    [
      'Waiting',
      data.waiting === null ? null : waiting(data.waiting, data.oldest_waiting_at && at(data.oldest_waiting_at)),
    ],
    ['Reason', data.reason && asSentence(data.reason)],
    ['Last error', data.last_error && `${asSentence(data.last_error.title)} ${asSentence(data.last_error.message)}`],
  ]
  return {
    title: data.title,
    tone,
    facts: facts.flatMap(([label, text]) => (text ? [{ label, text }] : [])),
    note: data.held_back ? 'Quiet time held this back until now.' : null,
    link: data.channel.url,
  }
}

function attempts(count: number): string {
  return count === 1 ? 'One attempt' : `${count} attempts`
}

function waiting(count: number, oldest: string | null): string {
  if (count === 0) return 'Nothing'
  const messages = count === 1 ? 'One message' : `${count} messages`
  return oldest ? `${messages}, the oldest since ${oldest}` : messages
}
