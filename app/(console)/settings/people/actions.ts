'use server'

import { randomInt } from 'node:crypto'
import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { addPerson, changeRole, endSessions, resetPassword, switchPerson } from '#lib/flows/people'
import { attempt, type FormState, invalidForm, refusal } from '#lib/forms/form-state'
import { personFields, roleField } from '#lib/forms/people-and-companies'
import { newPassword } from '#lib/new-password'

/** `password` is there once, when Patchbay made it: the owner hands it on. */
export type PasswordState = FormState & { password?: string; email?: string }

const password = z.string().max(1000).optional()
const personForm = z.object({ ...personFields, role: roleField, password })
const target = z.object({ userId: z.uuid('There is no such person.') })
const roleForm = target.extend({ role: roleField })
const resetForm = target.extend({ password })
const switchForm = target.extend({ on: z.enum(['yes', 'no']) })

export async function addPersonAction(_previous: PasswordState | null, form: FormData): Promise<PasswordState> {
  const owner = await requireUser('owner')
  const input = personForm.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  const { email } = input.data
  const made = input.data.password ? null : newPassword(randomInt)
  try {
    await addPerson(db(), { ...input.data, password: made ?? input.data.password ?? '', actor: owner.email })
  } catch (error) {
    return refusal(error)
  }
  revalidatePath('/settings/people')
  return { ok: true, message: `${email} can sign in now.`, email, ...(made ? { password: made } : {}) }
}

export async function resetPasswordAction(_previous: PasswordState | null, form: FormData): Promise<PasswordState> {
  const owner = await requireUser('owner')
  const input = resetForm.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  const made = input.data.password ? null : newPassword(randomInt)
  const next = made ?? input.data.password ?? ''
  const state = await attempt('The password is changed and every session has ended.', () =>
    resetPassword(db(), { userId: input.data.userId, password: next, actor: owner.email }),
  )
  return state.ok && made ? { ...state, password: made } : state
}

export async function changeRoleAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const owner = await requireUser('owner')
  const input = roleForm.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  const state = await attempt('The role is changed.', () => changeRole(db(), { ...input.data, actor: owner.email }))
  revalidatePath('/settings/people', 'layout')
  return state
}

export async function switchPersonAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const owner = await requireUser('owner')
  const input = switchForm.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  const on = input.data.on === 'yes'
  const state = await attempt(on ? 'The account is on again.' : 'The account is switched off.', () =>
    switchPerson(db(), { userId: input.data.userId, on, actor: owner.email, now: new Date() }),
  )
  revalidatePath('/settings/people', 'layout')
  return state
}

export async function endSessionsAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const owner = await requireUser('owner')
  const input = target.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  return attempt('Signed out everywhere.', () => endSessions(db(), { ...input.data, actor: owner.email }))
}
