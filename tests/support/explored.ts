import type { BrowserContext } from '@playwright/test'
import type { Database } from '#db/client'
import { insertChannelKey } from '#db/queries/channel-keys'
import { putSandboxSettings } from '#db/queries/sandbox-settings'
import type { Role } from '#db/schema/users'
import { mintKey } from '#lib/channels/keys'
import { exploreSandbox } from '#lib/flows/explore-sandbox'
import { sandboxBaseUrl, sandboxSecret, sandboxToken } from '#lib/sandbox/identity'
import type { TestServer } from '#tests/support/server'
import { keysOf, signInAs } from '#tests/support/signed-in'

type Place = { server: TestServer; db: Database; context: BrowserContext }

/** Signs somebody in on an installation whose sandbox is ready, as after "Explore with the sandbox". */
export async function exploreAs(role: Role, place: Place) {
  const email = await signInAs(role, place)
  return { email, ...(await openSandbox(place)) }
}

/** The sandbox's chat channel, with a bearer key and a signing secret of its own, both in the clear. */
export async function openSandbox({ server, db }: Pick<Place, 'server' | 'db'>) {
  const keys = keysOf(server)
  const now = new Date()
  const { channelId, channelKey } = await exploreSandbox(db, { keys, publicUrl: server.url, actor: 'test', now })
  // Front makes messages a moment after it accepted them; only a test of that waits for it.
  await putSandboxSettings(db, { visibleDelayMs: 0, requestsPerMinute: 0 })
  const addKey = async (purpose: 'incoming' | 'signing') => {
    const { row, secret } = mintKey({ channelId, purpose, createdBy: 'test', keys, now })
    await insertChannelKey(db, row)
    return secret
  }
  return {
    channelId,
    channelKey,
    bearer: await addKey('incoming'),
    signing: await addKey('signing'),
    front: { base: sandboxBaseUrl(server.url), token: sandboxToken(keys), secret: sandboxSecret(keys) },
  }
}

export type Explored = Awaited<ReturnType<typeof openSandbox>>
