import { frontClient } from '#lib/front/client'
import type { FrontAnswer, FrontOutcome, FrontRequest } from '#lib/front/transport'

type Reply = { status?: number; json?: unknown } | 'no answer'

/** A Front that answers `METHOD /path` from a script; each list of replies is used up in order, its last one stays. */
export function scriptedFront(script: Record<string, Reply | Reply[]>) {
  const calls: FrontRequest[] = []
  const left = new Map(Object.entries(script).map(([call, replies]) => [call, [replies].flat()]))
  const send = async (request: FrontRequest): Promise<FrontOutcome> => {
    calls.push(request)
    const call = `${request.method} ${new URL(request.url).pathname}`
    const replies = left.get(call)
    const reply = replies && replies.length > 1 ? replies.shift() : replies?.[0]
    if (!reply) throw new Error(`The test did not expect ${call}.`)
    if (reply === 'no answer') return { kind: 'failed', message: 'the connection broke' }
    return { kind: 'answered', answer: toAnswer(reply) }
  }
  const client = frontClient({ baseUrl: 'https://front.example', token: 'front-token', send })
  return {
    client,
    calls,
    bodies: () => calls.map((call) => (typeof call.body === 'string' ? JSON.parse(call.body) : null)),
  }
}

function toAnswer({ status = 200, json }: Exclude<Reply, string>): FrontAnswer {
  return { status, headers: {}, body: json === undefined ? '' : JSON.stringify(json) }
}
