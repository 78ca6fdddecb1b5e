'use server'

import { revalidatePath } from 'next/cache'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { AppError } from '#lib/errors'
import { rotateOAuthSecret } from '#lib/flows/rotate-oauth-secret'
import { appForm } from '../../_parts/app-action'

/** `secret` is in it this once. */
export type OauthSecretState = { ok: true; secret: string; at: number } | { ok: false; message: string } | null

export async function makeOauthSecretAction(_previous: OauthSecretState, form: FormData): Promise<OauthSecretState> {
  const user = await requireUser('admin')
  const input = appForm.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: 'There is no such app.' }
  try {
    const now = new Date()
    const { secret } = await rotateOAuthSecret(db(), { ...input.data, actor: user.email, now })
    revalidatePath('/apps', 'layout')
    return { ok: true, secret, at: now.getTime() }
  } catch (error) {
    if (error instanceof AppError) return { ok: false, message: error.message }
    throw error
  }
}
