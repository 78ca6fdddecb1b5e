import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { type Company, type CompanyChange, findCompany, insertCompany, updateCompany } from '#db/queries/companies'
import { AppError } from '#lib/errors'
import { type SealingKeys, seal } from '#lib/secrets'

/** A secret is write-only: it stays, is removed, or is replaced by a new text. */
export type SecretChange = 'keep' | 'remove' | { replaceWith: string }

type CompanyEdit = {
  companyId: string
  name: string
  frontBaseUrl: string
  apiToken: SecretChange
  apiSecret: SecretChange
  /** What `GET /me` told just now; null leaves what is known. */
  frontCompanyId: string | null
  actor: string
  keys: SealingKeys
  now: Date
}

/**
 * @throws AppError `not_found`; `forbidden` for the sandbox, whose address and token are its own; `invalid_input` when
 * a stored token would go to another server than the one it was given for
 */
export async function saveCompany(db: Database, edit: CompanyEdit): Promise<void> {
  await db.transaction(async (tx) => {
    const company = await findEditable(tx, edit.companyId)
    refuseToCarryToken(company, edit)
    const change: CompanyChange = {
      name: edit.name,
      frontBaseUrl: edit.frontBaseUrl,
      ...(edit.frontCompanyId ? { frontCompanyId: edit.frontCompanyId } : {}),
      ...sealedChange('apiTokenSealed', edit.apiToken, edit.keys),
      ...sealedChange('apiSecretSealed', edit.apiSecret, edit.keys),
    }
    await updateCompany(tx, company.id, change, edit.now)
    // Which fields changed, never their secret values.
    const details = {
      name: edit.name,
      frontBaseUrl: edit.frontBaseUrl,
      token: verb(edit.apiToken),
      secret: verb(edit.apiSecret),
    }
    await recordAuditEvent(tx, { actor: edit.actor, action: 'company.save', subjectId: company.id, details })
  })
}

type NewFrontCompany = Pick<Company, 'name' | 'frontBaseUrl' | 'frontCompanyId'> & {
  apiToken: string | null
  apiSecret: string | null
  actor: string
  keys: SealingKeys
}

export async function addCompany(db: Database, company: NewFrontCompany): Promise<Company> {
  const { name, frontBaseUrl, frontCompanyId, apiToken, apiSecret, actor, keys } = company
  return db.transaction(async (tx) => {
    const row = await insertCompany(tx, {
      name,
      frontBaseUrl,
      frontCompanyId,
      apiTokenSealed: apiToken ? seal(apiToken, keys) : null,
      apiSecretSealed: apiSecret ? seal(apiSecret, keys) : null,
    })
    await recordAuditEvent(tx, { actor, action: 'company.add', subjectId: row.id, details: { name, frontBaseUrl } })
    return row
  })
}

async function findEditable(tx: Parameters<typeof findCompany>[0], id: string): Promise<Company> {
  const company = await findCompany(tx, id)
  if (!company) throw new AppError('not_found', 'There is no such company.')
  if (company.isSandbox) throw new AppError('forbidden', 'The sandbox looks after its own address and token.')
  return company
}

/** Whether two addresses are on different servers. */
export function isElsewhere(address: string, other: string): boolean {
  return new URL(address).origin !== new URL(other).origin
}

// A token that cannot be read must not be readable by pointing it at a server of one's own either.
function refuseToCarryToken(company: Company, { frontBaseUrl, apiToken }: CompanyEdit): void {
  if (!company.apiTokenSealed || apiToken !== 'keep' || !isElsewhere(company.frontBaseUrl, frontBaseUrl)) return
  const message = 'Paste the token again, or remove it: the stored one belongs to the earlier address.'
  throw new AppError('invalid_input', message, { details: [{ path: 'apiToken', message }] })
}

function sealedChange(
  column: 'apiTokenSealed' | 'apiSecretSealed',
  change: SecretChange,
  keys: SealingKeys,
): CompanyChange {
  if (change === 'keep') return {}
  return { [column]: change === 'remove' ? null : seal(change.replaceWith, keys) }
}

function verb(change: SecretChange): string {
  return typeof change === 'string' ? change : 'replace'
}
