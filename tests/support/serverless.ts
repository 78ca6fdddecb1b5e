import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startEmbeddedPostgres } from '#lib/server/embedded-postgres'
import { migrateDatabase } from '#lib/server/migrate'
import { freePort } from '#lib/server/postgres-home'
import { runProgram } from '#tests/support/run-program'
import type { Run, TestServer } from '#tests/support/server'
import { startTakingTurns } from '#tests/support/taking-turns'
import { removeDataFolder, temporaryFolder } from '#tests/support/temporary-folder'
import { startTransactionPooler, type TransactionPooler } from '#tests/support/transaction-pooler'

const NEXT = ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1']
const INSTANCES = 2
/** Of each instance, at most. */
export const POOL = 3
/** Vercel calls once a minute. */
const CRON_EVERY_MS = 1000
const CRONS_AT_ONCE = 3

export type Serverless = TestServer & {
  /** The functions: what Vercel starts, freezes and ends as it likes. */
  instances: Run[]
  pooler: TransactionPooler
  /** Calls the drain as `vercel.json` has it called, now. @returns the answer's status */
  callCron: (path?: string) => Promise<number>
}

export function isServerless(server: TestServer): server is Serverless {
  return 'pooler' in server
}

/**
 * An installation as on Vercel: the built app served by Next alone, by several instances that get the requests by turns,
 * with nothing between requests but a database behind a transaction pooler, and somebody who calls the crons.
 */
export async function startServerless(): Promise<Serverless> {
  const dataFolder = temporaryFolder('serverless')
  // A session has the time zone of the server, since the pooler takes no settings.
  const postgres = await startEmbeddedPostgres(dataFolder, { timezone: 'Asia/Kolkata', fsync: 'off' })
  await migrateDatabase(postgres.url, new Date())
  const [pooler, front] = await Promise.all([startTransactionPooler(postgres.url), startTakingTurns()])
  const key = randomBytes(32).toString('base64')
  writeFileSync(path.join(dataFolder, 'key'), key)
  const url = `http://localhost:${front.port}`
  const cronSecret = randomBytes(16).toString('hex')
  const env = { DATABASE_URL: pooler.url, PATCHBAY_KEY: key, PUBLIC_URL: url, CRON_SECRET: cronSecret }
  const instances = await Promise.all(Array.from({ length: INSTANCES }, () => startInstance(env)))
  front.leadTo(instances.map(({ port }) => port))
  const callCron = async (at = '/api/cron/drain') => {
    const headers = { authorization: `Bearer ${cronSecret}` }
    const answer = await fetch(url + at, { headers, signal: AbortSignal.timeout(60_000) })
    return answer.status
  }
  const crons = playCrons(callCron)
  const runs = instances.map(({ run }) => run)
  const [run] = runs
  if (!run) throw new Error('There is no instance.')
  return {
    ...{ url, databaseUrl: postgres.url, dataFolder, run, instances: runs, pooler, callCron },
    stop: async () => {
      crons.stop()
      await front.close()
      for (const { child } of runs) child.kill('SIGKILL')
      await Promise.all(runs.map((one) => one.ended()))
      await pooler.close()
      await postgres.stop()
      await removeDataFolder(dataFolder)
    },
  }
}

async function startInstance(env: Record<string, string>): Promise<{ run: Run; port: number }> {
  const port = await freePort()
  const run = runProgram([process.execPath, [...NEXT, '--port', String(port)]], {
    ...env,
    ...{ DATABASE_PREPARE: 'no', DATABASE_POOL: String(POOL), SANDBOX: 'on', ALLOW_PRIVATE_ADDRESSES: 'yes' },
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  })
  await run.printed(/Ready in/)
  return { run, port }
}

/** Calls come by the clock, whatever became of the one before. */
function playCrons(call: () => Promise<number>): { stop: () => void } {
  let isOver = false
  let atOnce = 0
  void (async () => {
    while (!isOver) {
      if (atOnce < CRONS_AT_ONCE) {
        atOnce += 1
        void call()
          .catch(() => 0)
          .finally(() => {
            atOnce -= 1
          })
      }
      await pause(CRON_EVERY_MS)
    }
  })()
  return {
    stop: () => {
      isOver = true
    },
  }
}
