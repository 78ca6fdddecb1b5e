import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'

const DIR = path.join(import.meta.dirname, 'bare-next')
const NEXT = path.resolve(import.meta.dirname, '../../node_modules/next/dist/bin/next')

/** The yardstick: a Next server with one empty route and one that does a single insert. */
export async function startBareNext(databaseUrl: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const env = {
    ...process.env,
    NODE_ENV: 'production' as const,
    NEXT_TELEMETRY_DISABLED: '1',
    DATABASE_URL: databaseUrl,
  }
  if (!existsSync(path.join(DIR, '.next', 'BUILD_ID'))) {
    const built = spawnSync(process.execPath, [NEXT, 'build', DIR], { env, encoding: 'utf8' })
    if (built.status !== 0) throw new Error(`The bare Next app could not be built:\n${built.stdout}${built.stderr}`)
  }
  const child = spawn(process.execPath, [NEXT, 'start', DIR, '--port', '0', '--hostname', '127.0.0.1'], { env })
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = /(http:\/\/127\.0\.0\.1:\d+)[\s\S]*Ready/.exec(said)
      if (found?.[1]) resolve(found[1])
    })
    child.on('exit', () => reject(new Error(`The bare Next server ended:\n${said}`)))
  })
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}
