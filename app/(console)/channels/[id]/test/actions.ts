'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { DIRECTIONS } from '#db/schema/targets'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { AppError } from '#lib/errors'
import { sendTestMessage } from '#lib/flows/send-test-message'
import { carrySoon } from '../../../_parts/carry-soon'

export type SendTestState = { ok: boolean; message: string } | null

const testForm = z.object({ channelId: z.uuid(), direction: z.enum(DIRECTIONS) })

export async function sendTestAction(_previous: SendTestState, form: FormData): Promise<SendTestState> {
  const user = await requireUser('support')
  const input = testForm.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: 'There is no such channel.' }
  try {
    await sendTestMessage(db(), { ...input.data, actor: user.email, now: new Date() })
    carrySoon()
    return { ok: true, message: 'On its way. What becomes of it shows below.' }
  } catch (error) {
    if (error instanceof AppError) return { ok: false, message: error.message }
    throw error
  } finally {
    revalidatePath(`/channels/${input.data.channelId}`, 'layout')
  }
}
