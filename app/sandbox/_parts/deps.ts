import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { notFound } from 'next/navigation'
import { after, connection } from 'next/server'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { outboundTransport } from '#lib/http/outbound'
import { keyring } from '#lib/keyring'
import type { SandboxDeps } from '#lib/sandbox/deps'

const RANDOM_RANGE = 2 ** 32

/** What the sandbox's pages, actions and routes work with. Not found where the sandbox is off. */
export async function sandboxDeps(): Promise<SandboxDeps> {
  await connection()
  if (env().SANDBOX === 'off') notFound()
  return makeDeps()
}

function makeDeps(): SandboxDeps {
  return {
    db: db(),
    keys: keyring(),
    publicUrl: env().PUBLIC_URL,
    now: new Date(),
    // Ids that name visitors and storage must not be guessed.
    random: () => randomInt(RANDOM_RANGE) / RANDOM_RANGE,
    send: outboundTransport(),
    later: (delayMs, work) => {
      // A timer may be a little early, and what it is for is visible only from then on.
      const dueMs = Date.now() + delayMs
      after(async () => {
        await setTimeout(delayMs)
        await work({ ...makeDeps(), now: new Date(Math.max(Date.now(), dueMs)) })
      })
    },
  }
}
