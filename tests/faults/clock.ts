import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { newId } from '#db/ids'
import { signWebhook } from '#lib/provider/signature'
import type { Server } from '#tests/faults/installation'
import { postOf, signedByTime } from '#tests/faults/letters'
import type { Line } from '#tests/faults/line'
import { type Group, openTalks, type Row, recovery } from '#tests/faults/row'

const SKEW = pathToFileURL(path.join(import.meta.dirname, 'skewed-clock.ts')).href

function wrongBy(minutes: number): Row {
  const which = minutes > 0 ? `${minutes} minutes ahead` : `${-minutes} minutes behind`
  return {
    name: `clock ${which}`,
    how: `The server runs with a clock that is ${which}. Calls signed with a time are refused; keys, deliveries and their order must not suffer.`,
    run: async ({ installation, line }) => {
      const { server } = installation
      const talks = await openTalks(line)
      await server.terminate()
      await server.start({ NODE_OPTIONS: `--import ${SKEW}`, FAULTS_SKEW_MS: String(minutes * 60_000) })
      const refused = await trySigned(line, server)
      await line.send(talks, { letters: 3 })
      await line.drained()
      await server.terminate()
      await server.start()
      const taken = await trySigned(line, server)
      await line.send(talks, { letters: 2 })
      const wrong = [
        ...refused.flatMap((status) =>
          status === 401 ? [] : [`a call signed with a time got ${status} with the wrong clock`],
        ),
        ...taken.flatMap((status) =>
          status < 300 ? [] : [`a call signed with a time got ${status} with the right clock`],
        ),
      ]
      return { injected: refused.length, recoveryMs: await recovery(line), wrong }
    },
  }
}

/** One call of Front and one of the provider, each signed with the right time. @returns their statuses */
async function trySigned(line: Line, server: Server): Promise<number[]> {
  const doors = line.doors(server)
  const talk = `talk-signed-${newId()}`
  const incoming = postOf(doors, { talk, direction: 'inbound', n: 0 })
  const signature = signWebhook({
    id: newId(),
    body: incoming.body,
    secrets: [line.secrets.signingSecret],
    now: new Date(),
  })
  const { authorization: _key, ...plain } = incoming.headers
  const posts = [
    { ...incoming, headers: { ...plain, ...signature } },
    signedByTime(doors, { talk, direction: 'outbound', n: 0 }),
  ]
  return Promise.all(
    posts.map(async ({ url, headers, body }) => {
      const response = await fetch(url, { method: 'POST', headers, body })
      await response.arrayBuffer()
      return response.status
    }),
  )
}

export const clock: Group = { rows: [wrongBy(10), wrongBy(-10)] }
