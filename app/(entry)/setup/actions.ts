'use server'

import { redirect } from 'next/navigation'
import { z } from 'zod'
import { startSession } from '#lib/auth'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { exploreSandbox } from '#lib/flows/explore-sandbox'
import { checkFront } from '#lib/flows/front-for-company'
import { type FirstCompany, needsSetUp, setUp } from '#lib/flows/set-up'
import { type FormState, invalidForm, refusal } from '#lib/forms/form-state'
import { companyFields, personFields, refuseWeakPassword, secretField } from '#lib/forms/people-and-companies'
import { keyring } from '#lib/keyring'

/** `tokenRefused` is Front's reason; the person may go on deliberately. */
export type SetUpState = FormState & { tokenRefused?: string }
export type CheckState = { ok: boolean; message: string }

const ownerForm = z.object({ ...personFields, password: z.string().max(1000), start: z.enum(['sandbox', 'front']) })
const companyForm = z.object({
  company: companyFields.name,
  frontBaseUrl: companyFields.frontBaseUrl,
  apiToken: secretField,
  apiSecret: secretField,
  anyway: z.literal('yes').optional(),
})
const checkForm = companyForm.pick({ frontBaseUrl: true, apiToken: true })

export async function setUpAction(_previous: SetUpState | null, form: FormData): Promise<SetUpState> {
  const fields = Object.fromEntries(form)
  const owner = ownerForm.safeParse(fields)
  if (!owner.success) return invalidForm(owner.error)
  const { email, name, password } = owner.data
  const explore = owner.data.start === 'sandbox' && env().SANDBOX === 'on'
  try {
    refuseWeakPassword(password, [email, name])
    const read = explore ? { company: null } : await readCompany(fields)
    if ('refused' in read) return read.refused
    const { company } = read
    const user = await setUp(db(), { owner: owner.data, company, keys: keyring(), now: new Date() })
    await startSession(user)
    if (explore) await openSandbox(user.email)
  } catch (error) {
    return refusal(error)
  }
  redirect(explore ? '/sandbox' : '/')
}

/** Tries a token before the set-up; like the page, only until an owner exists. */
export async function checkTokenAction(form: FormData): Promise<CheckState> {
  if (!(await needsSetUp(db()))) return { ok: false, message: 'Patchbay has been set up already.' }
  const input = checkForm.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: invalidForm(input.error).message ?? 'Check the address.' }
  const { frontBaseUrl, apiToken } = input.data
  if (!apiToken) return { ok: false, message: 'Paste a token first.' }
  const check = await checkFront({ frontBaseUrl, token: apiToken })
  if (!check.works) return { ok: false, message: check.message }
  return { ok: true, message: `It works: ${check.company.name || 'a company without a name'} (${check.company.id})` }
}

async function readCompany(fields: unknown): Promise<{ company: FirstCompany } | { refused: SetUpState }> {
  const input = companyForm.safeParse(fields)
  if (!input.success) return { refused: invalidForm(input.error) }
  const { company: name, frontBaseUrl, apiToken, apiSecret, anyway } = input.data
  const company = { name, frontBaseUrl, apiToken, apiSecret, frontCompanyId: null }
  // A closed page must not make calls for strangers.
  if (!apiToken || !(await needsSetUp(db()))) return { company }
  const check = await checkFront({ frontBaseUrl, token: apiToken })
  if (check.works) return { company: { ...company, frontCompanyId: check.company.id } }
  if (anyway) return { company }
  return { refused: { ok: false, message: check.message, tokenRefused: check.message } }
}

async function openSandbox(actor: string): Promise<void> {
  await exploreSandbox(db(), { keys: keyring(), publicUrl: env().PUBLIC_URL, actor, now: new Date() })
}
