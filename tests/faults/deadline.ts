import { eq, sql } from 'drizzle-orm'
import { channels } from '#db/schema/channels'
import { sealingKeys } from '#lib/secrets'
import { type Installation, KEY, lockTable } from '#tests/faults/installation'
import { type AppDoor, postToApp } from '#tests/faults/letters'
import { type Line, talksOf } from '#tests/faults/line'
import { type Group, type Row, recovery } from '#tests/faults/row'
import { APP_SECRET, createApp } from '#tests/support/applications'

/** Front gives up on an app after this. */
const FRONT_WAITS_MS = 7000
const COUNT = 6

const deadline: Row = {
  name: '7 s deadline with a stalled database',
  how: 'A lock in Postgres stops storing for longer than Front waits. Front must be told of the failure within 7 s, nothing may be stored afterwards, and the same messages must go through when they are sent again.',
  run: async ({ installation, line }) => {
    const app = await makeApplication(installation, line)
    const talks = talksOf(line.name, COUNT)
    await line.send(talks, { directions: ['outbound'], app })
    await line.drained()
    const stored = await messagesOf(installation, line)
    const unlock = await lockTable(installation, 'deliveries', 'SHARE')
    const answers = await Promise.all(talks.map((talk) => timed(installation, line, { app, talk })))
    await unlock()
    const late = (await messagesOf(installation, line)) - stored
    await line.send(talks, { directions: ['outbound'], letters: 2, app })
    const wrong = [
      ...answers.filter(({ ms }) => ms >= FRONT_WAITS_MS).map(({ ms }) => `an answer took ${Math.round(ms)} ms`),
      ...answers
        .filter(({ status }) => status < 400)
        .map(({ status }) => `a message that was not stored got ${status}`),
      ...(late > 0 ? [`${late} messages were stored after Front was told that they were not`] : []),
    ]
    return { injected: COUNT, recoveryMs: await recovery(line), wrong }
  },
}

/** Turns the line's channel into one of an app that needs no credentials but its signature. */
async function makeApplication({ db }: Installation, line: Line): Promise<AppDoor> {
  const options = { authMethod: 'none', errorStatus: 'matching', companyId: line.company.id } as const
  const app = await createApp(db, { keys: sealingKeys(KEY, ''), ...options })
  const change = { kind: 'application' as const, appId: app.id, connectedAt: new Date() }
  await db.update(channels).set(change).where(eq(channels.id, line.channel.id))
  return { key: app.key, secret: APP_SECRET }
}

async function timed(installation: Installation, line: Line, { app, talk }: { app: AppDoor; talk: string }) {
  const { url, headers, body } = postToApp(line.doors(installation.server), app, { talk, direction: 'outbound', n: 1 })
  const startedAt = performance.now()
  const response = await fetch(url, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return { status: response.status, ms: performance.now() - startedAt }
}

async function messagesOf({ db }: Installation, line: Line): Promise<number> {
  const [row] = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from messages where channel_id = ${line.channel.id}`,
  )
  return row?.n ?? 0
}

export const deadlines: Group = { rows: [deadline] }
