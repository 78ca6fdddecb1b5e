import { existsSync } from 'node:fs'
import path from 'node:path'
import { connect } from '#db/client'
import { findInstallation } from '#db/queries/installation'
import { closeDatabase } from '#lib/database'
import { startWorker } from '#lib/delivery/worker'
import { AppError } from '#lib/errors'
import { verifySealingKey } from '#lib/flows/verify-key'
import { outboundTransport } from '#lib/http/outbound'
import { keyring } from '#lib/keyring'
import { outboundMail } from '#lib/mail/outbound-mail'
import { startEmbeddedPostgres } from '#lib/server/embedded-postgres'
import {
  checkEnvironment,
  embeddedDefaults,
  loadEnvFile,
  readStartOptions,
  type StartOptions,
  sessionDefaults,
} from '#lib/server/environment'
import { listen } from '#lib/server/http-server'
import { migrateDatabase } from '#lib/server/migrate'
import { pause } from '#lib/server/processes'
import { reportFailure } from '#lib/server/report-failure'
import { serveNext } from '#lib/server/serve-next'
import { createShutdown } from '#lib/server/shutdown'
import { watchStopSignals } from '#lib/server/stop-signals'
import { waitForDatabase } from '#lib/server/wait-for-database'

const ROOT = path.resolve(import.meta.dirname, '..', '..')
const DATABASE = 'the database'
const REQUESTS_MS = 10_000
const AFTER_RESPONSE_MS = 10_000
const WORKER_MS = 20_000
const POOL_MS = 6_000
/** Above what the database itself takes at worst, so that it is never left behind. */
const DATABASE_MS = 65_000
const HURRY_MS = 5_000

const dev = process.argv.includes('--dev')
/** Next answers every call, as on hosts where it runs alone: for tests and for comparison. */
const throughNext = process.argv.includes('--through-next')
const shutdown = createShutdown()
const stopping = new AbortController()

// Whoever read our output may go first; what is left to do matters more than telling about it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
process.on('uncaughtException', (error) => void fail(error))
// One request's forgotten promise is no reason to end the others.
process.on('unhandledRejection', reportFailure)

const started = start()
watchStopSignals(
  { onStop: (reason) => void stop(reason), onHurry: () => void hurry() },
  Boolean(process.env.npm_lifecycle_event),
)
started.catch((error) => {
  if (!stopping.signal.aborted) return fail(error)
})

async function start(): Promise<void> {
  loadEnvFile(ROOT)
  const options = readStartOptions(ROOT, process.env)
  if (options.databaseUrl) checkEnvironment(process.env)
  if (!dev) refuseUnbuilt()
  const http = await listen(options.port, options.host)
  const databaseUrl = await prepareDatabase(options, http.port)
  stopping.signal.throwIfAborted()
  Object.assign(process.env, {
    ...sessionDefaults(process.env),
    NODE_ENV: dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  })
  const hasOwner = await openDatabase(databaseUrl)
  stopping.signal.throwIfAborted()
  const pages = await serveNext({ dir: ROOT, dev, port: http.port, inFront: !dev && !throughNext })
  shutdown.add('open database connections', closeDatabase, POOL_MS)
  const worker = await startWorker(databaseUrl, {
    keys: keyring(),
    publicUrl: checkEnvironment(process.env).PUBLIC_URL,
    transport: outboundTransport(),
    mail: outboundMail(),
  })
  shutdown.add('deliveries in flight', worker.stop, WORKER_MS)
  shutdown.add('work after responses', pages.close, AFTER_RESPONSE_MS)
  shutdown.add('requests in flight', () => http.drain(REQUESTS_MS), REQUESTS_MS + 1_000)
  stopping.signal.throwIfAborted()
  http.answerWith(pages.listener)
  welcome(http.port, hasOwner)
}

/** `npm start` builds first; this speaks to whoever starts the server without it. */
function refuseUnbuilt(): void {
  if (existsSync(path.join(ROOT, '.next', 'BUILD_ID'))) return
  throw new AppError('unavailable', 'There is no build yet. Use npm start, which makes one, or npm run build.')
}

/** @returns the address of the database; an embedded one is started and brings what else the environment lacks */
async function prepareDatabase({ databaseUrl, dataFolder }: StartOptions, port: number): Promise<string> {
  if (databaseUrl) {
    await waitForDatabase(databaseUrl)
    return databaseUrl
  }
  const embedded = await startEmbeddedPostgres(dataFolder)
  shutdown.add(DATABASE, embedded.stop, DATABASE_MS)
  if (embedded.adopted) say('Took over the database of a Patchbay that had been killed')
  process.env.DATABASE_URL = embedded.url
  Object.assign(process.env, embeddedDefaults(process.env, dataFolder, port))
  return embedded.url
}

/** Migrates and checks the key. @returns whether somebody has already set this installation up */
async function openDatabase(url: string): Promise<boolean> {
  await migrateDatabase(url, new Date())
  const connection = connect(url, { max: 2, name: 'patchbay-start' })
  try {
    await verifySealingKey(connection.db, keyring())
    return Boolean((await findInstallation(connection.db))?.ownerCreatedAt)
  } finally {
    await connection.end()
  }
}

function welcome(port: number, hasOwner: boolean): void {
  const { PUBLIC_URL, SANDBOX } = checkEnvironment(process.env)
  const isElsewhere = PUBLIC_URL !== `http://localhost:${port}`
  say(`Patchbay is ready at ${PUBLIC_URL}${isElsewhere ? ` (listening on port ${port})` : ''}`)
  const explore = SANDBOX === 'on' ? ', or explore with the sandbox' : ''
  say(hasOwner ? `Sign in at ${PUBLIC_URL}/login` : `First: open it and create the owner account${explore}.`)
}

async function stop(reason: string): Promise<void> {
  say(`Stopping (${reason}): finishing what is in flight. Ctrl-C again stops at once.`)
  stopping.abort()
  await started.catch(() => {})
  await shutdown.run()
  say('Stopped')
  process.exit(0)
}

async function hurry(): Promise<void> {
  // A database that is just being started must be known before it can be stopped.
  await Promise.race([started.catch(() => {}), pause(HURRY_MS)])
  await shutdown.runOnly(DATABASE)
  process.exit(1)
}

async function fail(error: unknown): Promise<void> {
  reportFailure(error)
  stopping.abort()
  await shutdown.run()
  process.exit(1)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
