import { sql } from 'drizzle-orm'
import { newId } from '#db/ids'
import { addConnectKey } from '#lib/flows/make-connect-key'
import { signApplication } from '#lib/front/signature'
import { sealingKeys } from '#lib/secrets'
import { BENCH_KEY, type Bench } from '#tests/bench/installation'
import { APP_SECRET, createApp, createApplicationChannel } from '#tests/support/applications'

/** A channel of an app as Front sees it: where its messages are posted, and how each is signed. */
export async function connectBenchApp({ db }: Bench) {
  const app = await createApp(db, { keys: sealingKeys(BENCH_KEY, '') })
  const channel = await createApplicationChannel(db, app, { providerUrl: null })
  const order = { appId: app.id, name: 'bench', channelId: channel.id, actor: 'bench', now: new Date() }
  const { key } = await db.transaction((tx) => addConnectKey(tx, order))
  // Only the answers are measured: what becomes of a reply later is the drain's row.
  await db.execute(sql`update targets set held_since = now() where channel_id = ${channel.id}`)
  return {
    path: `/api/front/apps/${app.key}/channels/${channel.key}`,
    headers: (body: string) => {
      const timestamp = String(Date.now())
      return {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'x-front-request-timestamp': timestamp,
        'x-front-signature': signApplication(body, timestamp, APP_SECRET),
      }
    },
  }
}

/** A teammate's message in one of a thousand conversations. */
export function messageEvent(n: number): string {
  const conversation = `https://acme.api.frontapp.com/conversations/cnv_${n % 1000}`
  return JSON.stringify({
    type: 'message',
    payload: {
      id: `msg_${newId().replaceAll('-', '')}`,
      type: 'custom',
      is_inbound: false,
      created_at: Date.now() / 1000,
      body: '<p>Your order left on Tuesday and should arrive tomorrow.</p>',
      text: 'Your order left on Tuesday and should arrive tomorrow.',
      author: { id: 'tea_1', email: 'leela@example.com', first_name: 'Leela', last_name: 'T' },
      recipients: [{ handle: `visitor-${n % 1000}`, role: 'to', name: null }],
      attachments: [],
      metadata: {},
      _links: { related: { conversation } },
    },
  })
}

/** Holds a lock that every call of Front needs, while one comes: what it is answered, and after how long. */
export async function answerWhileStalled(
  { connection, server }: Bench,
  to: Awaited<ReturnType<typeof connectBenchApp>>,
) {
  const reserved = await connection.sql.reserve()
  try {
    await reserved`begin`
    await reserved`lock table apps, messages in access exclusive mode`
    const body = messageEvent(0)
    const startedAt = performance.now()
    const answer = await fetch(server.url + to.path, { method: 'POST', headers: to.headers(body), body })
    const said: unknown = await answer.json()
    return { seconds: (performance.now() - startedAt) / 1000, status: answer.status, said: JSON.stringify(said) }
  } finally {
    await reserved`rollback`
    reserved.release()
  }
}
