import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { type Connection, connect } from '#db/client'
import { newId } from '#db/ids'
import { channelKeys } from '#db/schema/channel-keys'
import { hashToken, seal, sealingKeys } from '#lib/secrets'
import { createChannel, createCompany } from '#tests/support/factories'
import { startServer, type TestServer } from '#tests/support/server'

export type Bench = Awaited<ReturnType<typeof startBench>>

export const BENCH_KEY = Buffer.alloc(32, 3).toString('base64')
const TOKEN = 'bench-incoming-key'
const TELL_HEAP = path.join(import.meta.dirname, 'tell-heap.ts')

/** A running Patchbay with one channel whose Front is the given one. */
export async function startBench(frontUrl: string) {
  const server: TestServer = await startServer({
    PATCHBAY_KEY: BENCH_KEY,
    ALLOW_PRIVATE_ADDRESSES: 'yes',
    // Such as --cpu-prof --cpu-prof-dir=/tmp/profile, to see where the time goes.
    NODE_OPTIONS: `--import ${TELL_HEAP} ${process.env.BENCH_NODE_OPTIONS ?? ''}`,
  })
  const connection: Connection = connect(server.databaseUrl, { max: 4, name: 'patchbay-bench' })
  const { db } = connection
  const company = await createCompany(db, {
    frontBaseUrl: frontUrl,
    apiTokenSealed: seal('bench', sealingKeys(BENCH_KEY, '')),
  })
  const channel = await createChannel(db, { companyId: company.id, frontChannelId: 'cha_bench' })
  await db
    .insert(channelKeys)
    .values({ id: newId(), channelId: channel.id, purpose: 'incoming', tokenHash: hashToken(TOKEN), hint: 'ench' })
  await db.execute(
    sql`create table bench_intake (id bigint generated always as identity primary key, body jsonb not null)`,
  )
  return {
    server,
    connection,
    db,
    channelId: channel.id,
    incomingPath: `/api/channels/${channel.key}/incoming`,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    /** Keeps deliveries back, or lets them go. */
    hold: async (held: boolean) => {
      await db.execute(
        sql`update targets set held_since = ${held ? sql`now()` : sql`null`} where channel_id = ${channel.id}`,
      )
      await db.execute(sql`select pg_notify('patchbay_delivery', '')`)
    },
    waiting: async () => {
      const [row] = await db.execute<{ n: number }>(sql`select count(*)::int as n from lane_queue`)
      return row?.n ?? 0
    },
    /** Takes what waits in held channels out of the way of what is measured next. */
    forget: async () => {
      await db.execute(
        sql`delete from lane_queue q using lanes l where l.id = q.lane_id and l.channel_id <> ${channel.id}`,
      )
    },
    memoryMb: () => residentMb(server.run.child.pid ?? 0),
    heapMb: () => askHeapMb(server),
    stop: async () => {
      await connection.end()
      await server.stop()
    },
  }
}

/** Resident memory of a process, where the system tells it (Linux). */
function residentMb(pid: number): number {
  const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kb) / 1024
}

let asked = 0

/** What the server's heap holds once its garbage is gone. */
async function askHeapMb({ run }: TestServer): Promise<number> {
  asked += 1
  run.child.kill('SIGUSR2')
  const [, mb] = await run.printed(new RegExp(`heap ${asked} ([\\d.]+) MB`))
  return Number(mb)
}

/** Resolves when nothing waits any more. */
export async function drained(bench: Pick<Bench, 'waiting'>): Promise<void> {
  while ((await bench.waiting()) > 0) await pause(20)
}

/** A message of one of a thousand visitors. */
export function incomingBody(n: number): string {
  return JSON.stringify({
    external_id: `bench-${newId()}`,
    sender: { handle: `visitor-${n % 1000}`, name: `Visitor ${n % 1000}` },
    conversation_key: `visitor-${n % 1000}`,
    body: `Message ${n}: where is my order 1234-5678? It was due on Tuesday.`,
  })
}
