'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { RETRY_WAYS } from '#db/schema/recoveries'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { AppError } from '#lib/errors'
import { discardDelivery } from '#lib/flows/discard-delivery'
import { retryDelivery } from '#lib/flows/retry-delivery'
import { carrySoon } from '../../_parts/carry-soon'

export type Decided = { message: string; ok: boolean }

const retryForm = z.object({
  id: z.uuid(),
  way: z.enum(RETRY_WAYS).catch('today'),
  reason: z.string().trim().max(500, 'Keep the note under 500 characters.').optional(),
})
const discardForm = z.object({
  id: z.uuid(),
  reason: z
    .string()
    .trim()
    .min(3, 'Say in a few words why, for whoever asks later.')
    .max(500, 'Keep it under 500 characters.'),
})

export async function retryAction(_previous: unknown, form: FormData): Promise<Decided> {
  const user = await requireUser('support')
  const input = retryForm.safeParse(Object.fromEntries(form))
  if (!input.success) return answer(input.error.issues[0]?.message ?? 'There is no such message.', false)
  const { id: deliveryId, ...asked } = input.data
  return decided(deliveryId, async () => {
    const result = await retryDelivery(db(), { ...asked, deliveryId, requestedBy: user.email, now: new Date() })
    return result === 'sent_now' ? 'It is being sent now.' : 'Queued again. It goes out when its turn comes.'
  })
}

export async function discardAction(_previous: unknown, form: FormData): Promise<Decided> {
  const user = await requireUser('support')
  const input = discardForm.safeParse(Object.fromEntries(form))
  if (!input.success) return answer(input.error.issues[0]?.message ?? 'Give a reason.', false)
  const { id, reason } = input.data
  return decided(id, async () => {
    await discardDelivery(db(), { deliveryId: id, by: user.email, reason, now: new Date() })
    return 'Discarded. It stays in the log.'
  })
}

async function decided(id: string, work: () => Promise<string>): Promise<Decided> {
  try {
    const done = answer(await work(), true)
    carrySoon()
    revalidatePath(`/messages/${id}`)
    return done
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    // What was refused has usually changed meanwhile: the page shows how.
    revalidatePath(`/messages/${id}`)
    return answer(error.message, false)
  }
}

function answer(message: string, ok: boolean): Decided {
  return { message, ok }
}
