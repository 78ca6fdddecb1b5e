import { insertSandboxApp, updateSandboxApp } from '#db/queries/sandbox-apps'
import { AppError } from '#lib/errors'
import type { AppForm } from '#lib/sandbox/apps/app-form'
import type { SandboxDeps } from '#lib/sandbox/deps'
import { newAppIdentity } from '#lib/sandbox/identity'
import { seal } from '#lib/secrets'

/** Makes an app with a UID and a secret of its own. Returns the UID. */
export async function registerSandboxApp(
  { db, keys, now, random }: SandboxDeps,
  described: Pick<AppForm, 'name' | 'authMethod' | 'credentials'>,
): Promise<string> {
  const { uid, secret } = newAppIdentity(random)
  await insertSandboxApp(db, { uid, ...described, secretSealed: seal(secret, keys), createdAt: now })
  return uid
}

/**
 * Changes an app's settings. What the form does not show stays as it was.
 * @throws AppError `not_found`
 */
export async function changeSandboxApp(
  { db, keys }: SandboxDeps,
  uid: string,
  { clientSecret, ...settings }: AppForm,
): Promise<void> {
  const secret = clientSecret ? { clientSecretSealed: seal(clientSecret, keys) } : {}
  const known = await updateSandboxApp(db, uid, { ...settings, ...secret })
  if (!known) throw new AppError('not_found', 'The sandbox has no such app.')
}
