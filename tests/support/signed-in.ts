import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { BrowserContext } from '@playwright/test'
import type { Database } from '#db/client'
import { closeSetUp } from '#db/queries/installation'
import { insertUser } from '#db/queries/users'
import type { Role } from '#db/schema/users'
import { deriveKey, type SealingKeys, sealingKeys } from '#lib/secrets'
import { encodeSession, seconds } from '#lib/sessions'
import type { TestServer } from '#tests/support/server'

type Place = { server: TestServer; db: Database; context: BrowserContext }

/** Signs a new person in on this browser by a session cookie, as if set-up had been done long ago. Returns the e-mail. */
export async function signInAs(role: Role, { server, db, context }: Place): Promise<string> {
  const email = `${role}-${Math.random().toString(36).slice(2)}@example.com`
  const user = await insertUser(db, { email, name: `Test ${role}`, passwordHash: null, role })
  await closeSetUp(db, new Date())
  if (!user) throw new Error('The person was not stored.')
  const [key] = keysOf(server)
  const claims = { userId: user.id, epoch: user.sessionEpoch, startedAt: seconds(new Date()) }
  const value = await encodeSession(claims, deriveKey(key, 'sessions'))
  await context.addCookies([{ name: 'next-auth.session-token', value, url: server.url }])
  return email
}

/** The key that a test server made for itself at its first start. */
export function keysOf(server: TestServer): SealingKeys {
  return sealingKeys(readFileSync(path.join(server.dataFolder, 'key'), 'utf8').trim(), '')
}
