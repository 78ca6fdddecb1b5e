'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { AppError } from '#lib/errors'
import { discardDelivery } from '#lib/flows/discard-delivery'
import { retryDelivery } from '#lib/flows/retry-delivery'
import type { ConfirmState } from '#ui/confirm-dialog'
import { carrySoon } from './carry-soon'

const retryForm = z.object({ id: z.uuid() })
const discardForm = retryForm.extend({
  reason: z
    .string()
    .trim()
    .min(3, 'Say in a few words why, for whoever asks later.')
    .max(500, 'Keep it under 500 characters.'),
})

/** Tells Front again what it could not be told. */
export async function retryReportAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  const user = await requireUser('support')
  const input = retryForm.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: 'There is no such report.' }
  return decide(async () => {
    const result = await retryDelivery(db(), { deliveryId: input.data.id, requestedBy: user.email, now: new Date() })
    return result === 'sent_now' ? 'Front is being told now.' : 'Queued again. Front is told when its turn comes.'
  })
}

/** Gives up telling Front. */
export async function discardReportAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  const user = await requireUser('support')
  const input = discardForm.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: input.error.issues[0]?.message ?? 'Give a reason.' }
  return decide(async () => {
    await discardDelivery(db(), {
      deliveryId: input.data.id,
      by: user.email,
      reason: input.data.reason,
      now: new Date(),
    })
    return 'Given up. It stays in the log.'
  })
}

async function decide(work: () => Promise<string>): Promise<ConfirmState> {
  try {
    const message = await work()
    carrySoon()
    return { ok: true, message }
  } catch (error) {
    if (error instanceof AppError) return { ok: false, message: error.message }
    throw error
  } finally {
    // A report is shown beside whatever it is about, so any page may have to be read again.
    revalidatePath('/', 'layout')
  }
}
