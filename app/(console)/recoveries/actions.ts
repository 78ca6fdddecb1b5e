'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { RETRY_WAYS } from '#db/schema/recoveries'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { cancelRecovery, pauseRecovery, resumeRecovery } from '#lib/flows/change-recovery'
import { PER_MINUTE, startRecovery } from '#lib/flows/start-recovery'
import { attempt, refusal } from '#lib/forms/form-state'
import { messageFilters } from '#lib/log-filters'
import type { ConfirmState } from '#ui/confirm-dialog'

const startForm = z.object({
  /** The filter as it stands in a URL. */
  filter: z.string().max(2000),
  perMinute: z.coerce.number().int().min(PER_MINUTE.min).max(PER_MINUTE.max),
  way: z.enum(RETRY_WAYS).catch('today'),
  reason: z.string().trim().max(500, 'Keep the note under 500 characters.'),
})

export async function startRecoveryAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  const user = await requireUser('support')
  const input = startForm.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: input.error.issues[0]?.message ?? 'Check the form.' }
  const { filter, reason, ...chosen } = input.data
  const filters = messageFilters.parse(Object.fromEntries(new URLSearchParams(filter)))
  let id: string
  try {
    id = await startRecovery(db(), { ...chosen, filters, reason: reason || null, actor: user.email, now: new Date() })
  } catch (error) {
    return refusal(error)
  }
  redirect(`/recoveries/${id}`)
}

export async function pauseRecoveryAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return change(form, pauseRecovery, 'Paused. Nothing more is fed until somebody resumes it.')
}

export async function resumeRecoveryAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return change(form, resumeRecovery, 'It goes on.')
}

export async function cancelRecoveryAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  return change(form, cancelRecovery, 'Cancelled. What was not sent stays as it was.')
}

async function change(form: FormData, work: typeof pauseRecovery, message: string): Promise<ConfirmState> {
  const user = await requireUser('support')
  const id = z.uuid().safeParse(form.get('id'))
  if (!id.success) return { ok: false, message: 'There is no such recovery.' }
  const state = await attempt(message, () => work(db(), { recoveryId: id.data, actor: user.email }))
  revalidatePath('/recoveries', 'layout')
  return state
}
