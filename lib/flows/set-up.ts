import type { Database, Transaction } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { type Company, insertCompany } from '#db/queries/companies'
import { closeSetUp, findInstallation } from '#db/queries/installation'
import { insertUser, type User, updateUser } from '#db/queries/users'
import { AppError } from '#lib/errors'
import { verifySealingKey } from '#lib/flows/verify-key'
import { refuseWeakPassword } from '#lib/forms/people-and-companies'
import { hashPassword } from '#lib/passwords'
import { type SealingKeys, seal } from '#lib/secrets'

export type FirstOwner = { email: string; name: string; password: string }
export type FirstCompany = Pick<Company, 'name' | 'frontBaseUrl' | 'frontCompanyId'> & {
  apiToken: string | null
  apiSecret: string | null
}

type SetUp = {
  owner: FirstOwner
  /** Null when the owner starts with the sandbox and connects Front later. */
  company: FirstCompany | null
  keys: SealingKeys
  now: Date
}

/** Whether the first owner is still to be made. */
export async function needsSetUp(db: Database): Promise<boolean> {
  const row = await findInstallation(db)
  return !row?.ownerCreatedAt
}

/**
 * Makes the first owner, and the Front company, and closes the set-up for good: of several calls at once one wins.
 * @throws AppError `conflict` when an owner exists; `invalid_input` when the password is weak
 */
export async function setUp(db: Database, { owner, company, keys, now }: SetUp): Promise<User> {
  refuseWeakPassword(owner.password, [owner.email, owner.name, company?.name ?? ''])
  if (!(await needsSetUp(db))) throw alreadySetUp()
  const passwordHash = await hashPassword(owner.password)
  return db.transaction(async (tx) => {
    await verifySealingKey(tx, keys)
    if (!(await closeSetUp(tx, now))) throw alreadySetUp()
    const user = await insertUser(tx, { email: owner.email, name: owner.name, role: 'owner', passwordHash })
    if (!user) throw alreadySetUp()
    // The set-up signs its owner in.
    await updateUser(tx, user.id, { lastSignedInAt: now })
    if (company) await storeFirstCompany(tx, company, keys)
    await recordAuditEvent(tx, { actor: user.email, action: 'installation.set_up', subjectId: user.id })
    return user
  })
}

async function storeFirstCompany(tx: Transaction, company: FirstCompany, keys: SealingKeys): Promise<void> {
  await insertCompany(tx, {
    name: company.name,
    frontBaseUrl: company.frontBaseUrl,
    frontCompanyId: company.frontCompanyId,
    apiTokenSealed: company.apiToken ? seal(company.apiToken, keys) : null,
    apiSecretSealed: company.apiSecret ? seal(company.apiSecret, keys) : null,
  })
}

function alreadySetUp(): AppError {
  return new AppError('conflict', 'Patchbay has been set up already. Sign in instead.')
}
