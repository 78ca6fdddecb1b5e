'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { newId } from '#db/ids'
import { getChannel } from '#db/queries/channels'
import { requireUser } from '#lib/auth'
import { parseThreadingForm, tryThreading } from '#lib/channels/threading-form'
import { db } from '#lib/database'
import { AppError, type ErrorDetail } from '#lib/errors'
import { updateThreading } from '#lib/flows/update-channel'
import type { ThreadDecision } from '#lib/threading/decide'
import { done, type FormState, refuse, refuseError, refuseFields } from '../../_parts/form-state'

export type TryState = { decision: ThreadDecision } | { problem: string; details: ErrorDetail[] }

const age = z.coerce.number().min(0).max(100_000).catch(0)
const tryForm = z.object({
  channelId: z.uuid(),
  sample: z.string().max(100_000, 'The sample is too long.'),
  before: z.enum(['none', 'some']).catch('none'),
  beganHours: age,
  lastHours: age,
})

export async function saveThreadingAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const user = await requireUser('admin')
  const channelId = z.uuid().safeParse(form.get('channelId'))
  if (!channelId.success) return refuse('There is no such channel.', form)
  try {
    const threading = parseThreadingForm(Object.fromEntries(form))
    await updateThreading(db(), { channelId: channelId.data, threading, actor: user.email, now: new Date() })
  } catch (error) {
    return error instanceof z.ZodError ? refuseFields(error, form) : refuseError(error, form)
  }
  revalidatePath('/channels', 'layout')
  return done('Saved. It holds for messages from now on.', form)
}

/** Decides about the sample as the form stands, saved or not. Stores nothing. */
export async function tryThreadingAction(_previous: TryState | null, form: FormData): Promise<TryState> {
  await requireUser('admin')
  try {
    const fields = Object.fromEntries(form)
    const { channelId, sample, before, beganHours, lastHours } = tryForm.parse(fields)
    const rule = parseThreadingForm(fields)
    const channel = await getChannel(db(), channelId)
    if (!channel) return { problem: 'There is no such channel.', details: [] }
    const latest = before === 'some' ? { beganHours, lastHours } : null
    return { decision: tryThreading({ rule, sample, channel, latest, messageId: newId(), now: new Date() }) }
  } catch (error) {
    if (error instanceof z.ZodError) return { problem: error.issues[0]?.message ?? 'Check the rule.', details: [] }
    if (error instanceof AppError) return { problem: error.message, details: error.details }
    throw error
  }
}
