'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireUser, startSession } from '#lib/auth'
import { db } from '#lib/database'
import { changeMyPassword, renameMyself } from '#lib/flows/my-account'
import { attempt, type FormState, invalidForm } from '#lib/forms/form-state'
import { personFields } from '#lib/forms/people-and-companies'

const nameForm = z.object({ name: personFields.name })
const passwordForm = z.object({
  current: z.string().min(1, 'Type your present password.').max(1000),
  password: z.string().min(1, 'Type a new password.').max(1000),
})

export async function renameAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const { id } = await requireUser('viewer')
  const input = nameForm.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  const state = await attempt('Saved.', () => renameMyself(db(), { userId: id, name: input.data.name }))
  revalidatePath('/', 'layout')
  return state
}

/** Every other session ends; this one goes on under the new epoch. */
export async function changePasswordAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const { id } = await requireUser('viewer')
  const input = passwordForm.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  return attempt('Your password is changed. Everywhere else you are signed out.', async () => {
    const sessionEpoch = await changeMyPassword(db(), { userId: id, ...input.data })
    await startSession({ id, sessionEpoch })
  })
}
