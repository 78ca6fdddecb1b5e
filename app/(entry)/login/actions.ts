'use server'

import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { endSession, startSession } from '#lib/auth'
import { db } from '#lib/database'
import { env } from '#lib/env'
import { signIn } from '#lib/flows/sign-in'
import { type FormState, refusal } from '#lib/forms/form-state'
import { callerAddress } from '#lib/http/caller-address'
import { safePath } from '#lib/http/safe-path'
import { storableText } from '#lib/http/storable'

const signInForm = z.object({
  email: z.string().trim().min(1).max(254).transform(storableText),
  password: z.string().min(1).max(1000),
  next: z.unknown(),
})

export type SignInState = FormState & { email?: string }

export async function signInAction(_previous: SignInState | null, form: FormData): Promise<SignInState> {
  const input = signInForm.safeParse(Object.fromEntries(form))
  if (!input.success) return { ok: false, message: 'Type your e-mail and password.' }
  const { email, password, next } = input.data
  const address = callerAddress(await headers(), env().TRUSTED_PROXIES) ?? 'unknown'
  try {
    await startSession(await signIn(db(), { email, password, address, now: new Date() }))
  } catch (error) {
    return { ...refusal(error), email }
  }
  redirect(safePath(next))
}

export async function signOutAction(): Promise<void> {
  await endSession()
  redirect('/login')
}
