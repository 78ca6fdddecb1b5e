'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { findCompany } from '#db/queries/companies'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { AppError } from '#lib/errors'
import { checkFront, type FrontCheck } from '#lib/flows/front-for-company'
import { addCompany, isElsewhere, type SecretChange, saveCompany } from '#lib/flows/save-company'
import { type FormState, invalidForm, refusal } from '#lib/forms/form-state'
import { companyFields, secretField } from '#lib/forms/people-and-companies'
import { keyring } from '#lib/keyring'
import { unseal } from '#lib/secrets'

/** `tokenRefused` is Front's reason; the person may save deliberately. `round` changes with every save. */
export type CompanyState = FormState & { tokenRefused?: string; round?: number }

const wish = z.enum(['keep', 'replace', 'remove'])
const companyForm = z.object({
  companyId: z.union([z.literal('').transform(() => null), z.uuid()]),
  ...companyFields,
  apiToken: secretField,
  apiTokenWish: wish,
  apiSecret: secretField,
  apiSecretWish: wish,
  anyway: z.literal('yes').optional(),
})
type CompanyInput = z.infer<typeof companyForm>

export async function saveCompanyAction(_previous: CompanyState | null, form: FormData): Promise<CompanyState> {
  const user = await requireUser('admin')
  const input = companyForm.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  const { frontBaseUrl, apiToken, anyway } = input.data
  try {
    const check = apiToken ? await checkFront({ frontBaseUrl, token: apiToken }) : null
    if (check && !check.works && !anyway) return { ok: false, message: check.message, tokenRefused: check.message }
    await store(input.data, { frontCompanyId: check?.works ? check.company.id : null, actor: user.email })
    revalidatePath('/settings')
    return { ok: true, message: check ? `Saved. ${inWords(check)}` : 'Saved.', round: Date.now() }
  } catch (error) {
    return refusal(error)
  }
}

/** Asks Front about the token that is typed, or else the stored one. Changes nothing. */
export async function checkCompanyAction(form: FormData): Promise<FormState> {
  await requireUser('admin')
  const input = companyForm.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  try {
    const check = await checkFront({ frontBaseUrl: input.data.frontBaseUrl, token: await tokenToTry(input.data) })
    return { ok: check.works, message: inWords(check) }
  } catch (error) {
    return refusal(error)
  }
}

async function store(input: CompanyInput, { actor, ...known }: { frontCompanyId: string | null; actor: string }) {
  const { companyId, name, frontBaseUrl, apiToken, apiSecret } = input
  const common = { name, frontBaseUrl, actor, keys: keyring(), ...known }
  if (companyId === null) return addCompany(db(), { ...common, apiToken, apiSecret })
  await saveCompany(db(), {
    ...common,
    companyId,
    apiToken: wishedChange(input.apiTokenWish, apiToken),
    apiSecret: wishedChange(input.apiSecretWish, apiSecret),
    now: new Date(),
  })
}

async function tokenToTry({ companyId, frontBaseUrl, apiToken }: CompanyInput): Promise<string> {
  if (apiToken) return apiToken
  const company = companyId === null ? null : await findCompany(db(), companyId)
  if (!company?.apiTokenSealed) throw new AppError('invalid_input', 'Paste a token first.')
  if (isElsewhere(company.frontBaseUrl, frontBaseUrl)) {
    throw new AppError('invalid_input', 'Paste the token as well: the stored one belongs to the earlier address.')
  }
  return unseal(company.apiTokenSealed, keyring())
}

/** An empty field replaces nothing. */
function wishedChange(wished: z.infer<typeof wish>, typed: string | null): SecretChange {
  if (wished === 'remove') return 'remove'
  return wished === 'replace' && typed ? { replaceWith: typed } : 'keep'
}

function inWords(check: FrontCheck): string {
  if (!check.works) return check.message
  return `The token works. It belongs to ${check.company.name || 'a company without a name'} (${check.company.id}).`
}
