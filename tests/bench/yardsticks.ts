import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { BENCH_KEY } from '#tests/bench/installation'
import { runServer } from '#tests/support/server'

const DIR = path.join(import.meta.dirname, 'bare-next')
const NEXT = path.resolve(import.meta.dirname, '../../node_modules/next/dist/bin/next')

/** A process to compare with. */
export type Yardstick = { url: string; stop: () => Promise<void> }

/** A Next server with one empty route and one that does a single insert. */
export async function startBareNext(databaseUrl: string): Promise<Yardstick> {
  const env = bareEnvironment(databaseUrl)
  if (!existsSync(path.join(DIR, '.next', 'BUILD_ID'))) {
    const built = spawnSync(process.execPath, [NEXT, 'build', DIR], { env, encoding: 'utf8' })
    if (built.status !== 0) throw new Error(`The bare Next app could not be built:\n${built.stdout}${built.stderr}`)
  }
  const child = spawn(process.execPath, [NEXT, 'start', DIR, '--port', '0', '--hostname', '127.0.0.1'], { env })
  return whenReady(child, /(http:\/\/127\.0\.0\.1:\d+)[\s\S]*Ready/)
}

/** A bare node:http server that does a single insert. */
export async function startBareNode(databaseUrl: string): Promise<Yardstick> {
  const program = path.join(import.meta.dirname, 'bare-node-server.ts')
  return whenReady(spawn(process.execPath, [program], { env: bareEnvironment(databaseUrl) }), /Ready at (http:\S+)/)
}

/** Another Patchbay on the same database, in which Next answers every call. */
export async function startThroughNext(databaseUrl: string): Promise<Yardstick> {
  const env = {
    DATABASE_URL: databaseUrl,
    PATCHBAY_KEY: BENCH_KEY,
    PUBLIC_URL: 'http://localhost',
    HOST: '127.0.0.1',
    ALLOW_PRIVATE_ADDRESSES: 'yes',
  }
  const run = runServer(env, { throughNext: true })
  const [, port] = await run.printed(/listening on port (\d+)/)
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      run.child.kill('SIGTERM')
      await run.ended()
    },
  }
}

function bareEnvironment(databaseUrl: string): NodeJS.ProcessEnv {
  return { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', DATABASE_URL: databaseUrl }
}

async function whenReady(child: ChildProcess, ready: RegExp): Promise<Yardstick> {
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = ready.exec(said)
      if (found?.[1]) resolve(found[1])
    })
    child.on('exit', () => reject(new Error(`A server to compare with ended:\n${said}`)))
  })
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
