import { eq } from 'drizzle-orm'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { type Installation, pollUntil } from '#tests/faults/installation'
import type { Line } from '#tests/faults/line'
import type { Refusal } from '#tests/faults/other-side'
import type { Fault } from '#tests/faults/proxy'
import { type Group, type Made, openTalks, type Place, type Row, recovery } from '#tests/faults/row'
import { startSelfSigned } from '#tests/faults/self-signed'

/** On each side; fewer than open the circuit breaker. */
const TIMES = 6
const LETTERS = 3
const POSTS = /^POST /

/** A fault of connections, on both sides. `losesAnswers`: the other side took the message in before. */
function onTheWire(name: string, how: string, fault: Fault, { losesAnswers = false } = {}): Row {
  return {
    name,
    how,
    run: async ({ line }) => {
      const talks = await openTalks(line)
      const proxies = [line.toFront, line.toProvider]
      for (const proxy of proxies) proxy.inject(fault, { times: TIMES, only: POSTS })
      const sent = line.send(talks, { letters: LETTERS })
      await Promise.all(proxies.map((proxy) => proxy.untilInjected(TIMES)))
      await sent
      const recoveryMs = await recovery(line)
      const injected = 2 * TIMES
      return { injected, recoveryMs, answersLost: losesAnswers ? injected : 0 }
    },
  }
}

/** The other sides answer, but not with a 2xx. */
function refusing(name: string, how: string, refusal: (n: number) => Refusal, times = TIMES): Row {
  return {
    name,
    how,
    run: async ({ line }) => {
      const talks = await openTalks(line)
      const sides = [line.front, line.provider]
      for (const side of sides) side.refuse(times, refusal)
      await line.send(talks, { letters: LETTERS })
      await pollUntil(async () => sides.every((side) => side.refused() === times), 300_000)
      return { injected: 2 * times, recoveryMs: await recovery(line) }
    },
  }
}

/** Front and the provider are looked for where they are not, until a person corrects both addresses. */
async function mislead({ installation, line }: Place, wrong: (right: string) => string): Promise<Made> {
  const talks = await openTalks(line)
  const right = { front: line.toFront.url, provider: `${line.toProvider.url}/replies` }
  await pointAt(installation, line, { front: wrong(right.front), provider: wrong(right.provider) })
  await line.send(talks, { letters: LETTERS })
  await pollUntil(async () => (await line.failedAttempts()) >= TIMES)
  await pointAt(installation, line, right)
  return withFailures(line)
}

async function pointAt(installation: Installation, line: Line, to: { front: string; provider: string }): Promise<void> {
  const { db } = installation
  await db.update(companies).set({ frontBaseUrl: to.front }).where(eq(companies.id, line.company.id))
  await db.update(channels).set({ providerUrl: to.provider }).where(eq(channels.id, line.channel.id))
}

/** Where nobody but Patchbay itself saw the fault, its log of attempts tells how often it hit. */
async function withFailures(line: Line): Promise<Made> {
  const recoveryMs = await recovery(line)
  return { injected: await line.failedAttempts(), recoveryMs }
}

const refused: Row = {
  name: 'connection refused',
  how: 'The ports of Front and the provider take no connections until six attempts have failed.',
  run: async ({ line }) => {
    const talks = await openTalks(line)
    await Promise.all([line.toFront.refuse(), line.toProvider.refuse()])
    await line.send(talks, { letters: LETTERS })
    await pollUntil(async () => (await line.failedAttempts()) >= TIMES)
    await Promise.all([line.toFront.pass(), line.toProvider.pass()])
    return withFailures(line)
  },
}

const dns: Row = {
  name: 'DNS failure',
  how: 'Both addresses hold a name that does not exist, until a person corrects them.',
  run: (place) => mislead(place, (right) => right.replace('127.0.0.1', 'nowhere.invalid')),
}

const badTls: Row = {
  name: 'bad TLS',
  how: 'Both addresses lead to servers whose certificate nobody vouches for, until a person corrects them.',
  run: async (place) => {
    const imposter = await startSelfSigned()
    const made = await mislead(place, () => `${imposter.url}/replies`)
    await imposter.stop()
    return made
  },
}

/** So many faults in a row open the circuit breaker. */
const STORM_TIMES = 10
const STORM = [500, 502, 503, 504]

export const wire: Group = {
  sideBySide: true,
  rows: [
    onTheWire('connection reset', 'The connection is reset as soon as the request begins.', { kind: 'reset' }),
    refused,
    onTheWire(
      'hang',
      'The request is taken from the wire and neither passed on nor answered; Patchbay gives up after 15 s.',
      { kind: 'hang' },
    ),
    onTheWire(
      'slow drip',
      'The message is taken in, and its answer comes at one byte in 0.3 s, which is longer than Patchbay waits.',
      { kind: 'drip', everyMs: 300 },
      { losesAnswers: true },
    ),
    onTheWire(
      'truncated answer',
      'The message is taken in, and the last ten bytes of its answer are cut off.',
      { kind: 'truncate', bytes: 10 },
      { losesAnswers: true },
    ),
    onTheWire(
      'answer dropped after acceptance',
      'The message is taken in, and the connection is reset instead of passing the answer on.',
      { kind: 'drop_answer' },
      { losesAnswers: true },
    ),
    refusing('redirect (302)', 'Front and the provider answer 302 with another address.', () => ({
      status: 302,
      headers: { location: 'http://127.0.0.1:9/elsewhere' },
    })),
    badTls,
    dns,
    refusing('429, Retry-After in seconds', 'Front and the provider answer 429 with Retry-After: 2.', () => ({
      status: 429,
      headers: { 'retry-after': '2' },
    })),
    refusing(
      '429, Retry-After as a date',
      'Front and the provider answer 429 with the date of three seconds later.',
      () => ({
        status: 429,
        headers: { 'retry-after': inSeconds(3) },
      }),
    ),
    refusing(
      '5xx storm',
      'Front and the provider answer 500, 502, 503 and 504 in turn, until the circuit breaker opens.',
      (n) => ({ status: STORM[n % STORM.length] ?? 500 }),
      STORM_TIMES,
    ),
  ],
}

function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toUTCString()
}
