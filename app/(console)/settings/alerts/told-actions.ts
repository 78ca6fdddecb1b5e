'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { discardDelivery } from '#lib/flows/discard-delivery'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { attempt, type FormState, invalidForm } from '#lib/forms/form-state'
import { carrySoon } from '../../_parts/carry-soon'

const one = z.object({ id: z.uuid('There is no such alert.') })

export async function retryAlertAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const { email: requestedBy } = await requireUser('support')
  const input = one.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  const state = await attempt('It is being sent again.', () =>
    retryDelivery(db(), { deliveryId: input.data.id, requestedBy, now: new Date() }),
  )
  carrySoon()
  revalidatePath('/settings/alerts', 'layout')
  return state
}

export async function discardAlertAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const { email: by } = await requireUser('support')
  const input = one.safeParse(Object.fromEntries(form))
  if (!input.success) return invalidForm(input.error)
  const reason = 'The alert is not needed any more.'
  const state = await attempt('Given up. It stays in the log.', () =>
    discardDelivery(db(), { deliveryId: input.data.id, by, reason, now: new Date() }),
  )
  revalidatePath('/', 'layout')
  return state
}
