'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { KEY_PURPOSES } from '#db/schema/channel-keys'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { AppError } from '#lib/errors'
import { endOldKey, OVERLAPS_H, type Overlap, rotateKey } from '#lib/flows/rotate-key'
import { keyring } from '#lib/keyring'
import type { ConfirmState } from '#ui/confirm-dialog'

/** `secret` is in it this once. */
export type RotateState = { ok: true; secret: string; at: number } | { ok: false; message: string } | null

const overlap = z.custom<Overlap>((value) => typeof value === 'string' && Object.hasOwn(OVERLAPS_H, value))
const rotateForm = z.object({ channelId: z.uuid(), purpose: z.enum(KEY_PURPOSES), overlap })
const endForm = z.object({ channelId: z.uuid(), keyId: z.uuid() })

export async function rotateKeyAction(_previous: RotateState, form: FormData): Promise<RotateState> {
  const user = await requireUser('admin')
  const input = rotateForm.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: 'Choose how long the old key goes on working.' }
  try {
    const now = new Date()
    const { secret } = await rotateKey(db(), { ...input.data, actor: user.email, keys: keyring(), now })
    revalidatePath('/channels', 'layout')
    return { ok: true, secret, at: now.getTime() }
  } catch (error) {
    if (error instanceof AppError) return { ok: false, message: error.message }
    throw error
  }
}

export async function endKeyAction(_previous: ConfirmState | null, form: FormData): Promise<ConfirmState> {
  const user = await requireUser('admin')
  const input = endForm.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: 'There is no such key.' }
  try {
    await endOldKey(db(), { ...input.data, actor: user.email, now: new Date() })
    return { ok: true, message: 'Ended. That key opens nothing any more.' }
  } catch (error) {
    if (error instanceof AppError) return { ok: false, message: error.message }
    throw error
  } finally {
    revalidatePath('/channels', 'layout')
  }
}
