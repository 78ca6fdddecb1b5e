import type { Database, Transaction } from '#db/client'
import { newId } from '#db/ids'
import { type App, findAppByUid, insertApp, type NewApp } from '#db/queries/apps'
import { recordAuditEvent } from '#db/queries/audit-events'
import { findCompany } from '#db/queries/companies'
import { needsOauthClient } from '#lib/channels/app-settings'
import { AppError } from '#lib/errors'
import { mintOAuthSecret } from '#lib/flows/rotate-oauth-secret'
import { randomToken, type SealingKeys, seal } from '#lib/secrets'

type Registration = Pick<NewApp, 'companyId' | 'name' | 'uid' | 'authMethod' | 'credentials'> &
  Partial<Pick<NewApp, 'composer' | 'timeline' | 'notes'>> & {
    /** Front's app secret, with which it signs. */
    secret: string
    actor: string
    keys: SealingKeys
    now: Date
  }

/** The client secret is here in the clear, to be shown once; null for a method that needs none. */
export type RegisteredApp = { app: App; oauthClientSecret: string | null }

/**
 * Makes one of Front's apps known: from then on its channels can be connected. Of the OAuth client secret only a hash is kept.
 * @throws AppError `not_found` for an unknown company, `conflict` when the company has an app of that UID
 */
export function registerApp(db: Database, registration: Registration): Promise<RegisteredApp> {
  return db.transaction((tx) => addApp(tx, registration))
}

/** The same in a transaction of the caller's. */
export async function addApp(tx: Transaction, registration: Registration): Promise<RegisteredApp> {
  const { secret, actor, keys, now, ...described } = registration
  const oauth = needsOauthClient(described.authMethod ?? 'api_token') ? mintOAuthSecret() : null
  const company = await findCompany(tx, described.companyId)
  if (!company) throw new AppError('not_found', 'There is no such company.')
  await refuseTakenUid(tx, described)
  const app = await insertApp(tx, {
    ...described,
    id: newId(),
    key: randomToken('app_'),
    secretSealed: seal(secret, keys),
    oauthClientId: randomToken('pbci_'),
    oauthClientSecretHash: oauth?.hash ?? null,
    createdAt: now,
    updatedAt: now,
  })
  const { name, uid, authMethod, credentials } = app
  const details = { name, uid, authMethod, credentials }
  await recordAuditEvent(tx, { actor, action: 'app.register', subjectId: app.id, details })
  return { app, oauthClientSecret: oauth?.secret ?? null }
}

/** @throws AppError `conflict` when another app in use has this UID in this company */
export async function refuseTakenUid(
  tx: Transaction,
  { companyId, uid, exceptId }: { companyId: string; uid: string; exceptId?: string },
): Promise<void> {
  const taken = await findAppByUid(tx, { companyId, uid })
  if (!taken || taken.id === exceptId) return
  const message = `The app ${taken.name} has this UID already.`
  throw new AppError('conflict', message, { details: [{ path: 'uid', message }] })
}
