import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { Direction } from '#db/schema/targets'
import { createCondition } from '#tests/faults/condition'
import type { Arrival } from '#tests/faults/count'
import { readLetter } from '#tests/faults/letters'

/** A refusal: no message is taken in with it. */
export type Refusal = { status: number; headers?: Record<string, string>; body?: string }

/** Front or a provider as far as messages reach it: takes them in, and remembers each with its id. */
export type OtherSide = {
  port: number
  arrivals: Arrival[]
  /** The next `count` calls that bring a message are answered so, and nothing of them is taken in. */
  refuse: (count: number, refusal: (n: number) => Refusal) => void
  /** Refusals that were given so far. */
  refused: () => number
  /** Takes messages in and keeps their answers back until the returned function is called. */
  holdAnswers: () => () => void
  /** Messages that were taken in and whose caller was gone before it had its answer. */
  unanswered: () => number
  /** Resolves when so many messages have arrived. */
  untilArrived: (count: number) => Promise<void>
  /** Resolves when so many callers have gone without their answer. */
  untilUnanswered: (count: number) => Promise<void>
  stop: () => Promise<void>
}

type Side = {
  direction: Direction
  /** Our id of the message that a call brings. */
  idOf: (request: IncomingMessage, body: string) => string
  /** What is answered to a message. */
  accepted: (arrival: Arrival) => { status: number; json: unknown }
  /** Answers calls that bring none. */
  look: (path: string, arrivals: Arrival[]) => { status: number; json: unknown }
}

/** A Front for custom channels: its intake, and looking up what it took in. */
export function startFront(): Promise<OtherSide> {
  return startSide({
    direction: 'inbound',
    idOf: (_request, body) => frontBody.parse(JSON.parse(body)).metadata.headers.patchbay_message_id,
    accepted: ({ id }) => ({ status: 202, json: { status: 'accepted', message_uid: uidOf(id) } }),
    look: lookIntoFront,
  })
}

/** A provider that takes replies in. */
export function startProvider(): Promise<OtherSide> {
  return startSide({
    direction: 'outbound',
    idOf: (request) => String(request.headers['webhook-id']),
    accepted: ({ talk, n }) => ({ status: 200, json: { external_id: `${talk}-reply-${n}`, conversation_key: talk } }),
    look: () => ({ status: 404, json: {} }),
  })
}

const frontBody = z.object({ metadata: z.object({ headers: z.object({ patchbay_message_id: z.string() }) }) })

/** The conversations of a stand-in are named after those of the tests. */
function lookIntoFront(path: string, arrivals: Arrival[]) {
  const talk = /^\/conversations\/cnv_([^/]+)\/messages/.exec(path)?.[1]
  if (talk) {
    const of = arrivals.filter((arrival) => arrival.talk === talk)
    return { status: 200, json: { _results: of.toReversed().map(toFrontMessage) } }
  }
  const uid = /(uid_[\w-]+)/.exec(decodeURIComponent(path))?.[1]
  const found = arrivals.find(({ id }) => uidOf(id) === uid)
  return found ? { status: 200, json: toFrontMessage(found) } : { status: 404, json: {} }
}

function toFrontMessage({ id, talk }: Arrival) {
  const related = { conversation: `https://front.example/conversations/cnv_${talk}` }
  return {
    id: `msg_${id.replaceAll('-', '')}`,
    message_uid: uidOf(id),
    is_inbound: true,
    metadata: { headers: { patchbay_message_id: id } },
    _links: { related },
  }
}

const uidOf = (id: string) => `uid_${id}`

async function startSide(side: Side): Promise<OtherSide> {
  const arrivals: Arrival[] = []
  const changes = createCondition()
  const refusals: (() => Refusal)[] = []
  let refused = 0
  let unanswered = 0
  let answers = Promise.resolve()
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request)
    if (request.method !== 'POST') return answer(response, side.look(request.url ?? '', arrivals))
    const refusal = refusals.shift()?.()
    if (refusal) {
      refused += 1
      response.writeHead(refusal.status, { connection: 'close', ...refusal.headers }).end(refusal.body ?? '{}')
      return
    }
    const arrival = { ...readLetter(body), direction: side.direction, id: side.idOf(request, body) }
    arrivals.push(arrival)
    changes.changed()
    response.on('close', () => {
      if (!response.writableFinished) unanswered += 1
      changes.changed()
    })
    await answers
    answer(response, side.accepted(arrival))
  }
  const server = http.createServer((request, response) => {
    // A caller that goes away in the middle has brought nothing.
    take(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, // a listening TCP server always has one
    arrivals,
    refuse: (count, refusal) => {
      for (let n = 0; n < count; n += 1) refusals.push(() => refusal(n))
    },
    refused: () => refused,
    unanswered: () => unanswered,
    holdAnswers: () => {
      let release = () => {}
      answers = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    untilUnanswered: (count) => changes.until(() => unanswered >= count),
    untilArrived: (count) => changes.until(() => arrivals.length >= count),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** Every call on a connection of its own, so that the proxy before us can choose for each. */
function answer(response: ServerResponse, { status, json }: { status: number; json: unknown }): void {
  const body = JSON.stringify(json)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), connection: 'close' }
  response.writeHead(status, headers).end(body)
}
