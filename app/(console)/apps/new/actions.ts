'use server'

import { revalidatePath } from 'next/cache'
import { requireUser } from '#lib/auth'
import { newApp } from '#lib/channels/app-settings'
import { db } from '#lib/database'
import { registerApp } from '#lib/flows/register-app'
import { type FormState, invalidForm, refusal } from '#lib/forms/form-state'
import { keyring } from '#lib/keyring'

/** The OAuth client secret is in it this once. */
export type NewAppState =
  | { failed: FormState }
  | { registered: { id: string; name: string; oauth: { clientId: string; clientSecret: string } | null } }
  | null

export async function registerAppAction(_previous: NewAppState, form: FormData): Promise<NewAppState> {
  const user = await requireUser('admin')
  const input = newApp.safeParse(Object.fromEntries(form))
  if (!input.success) return { failed: invalidForm(input.error) }
  try {
    const who = { actor: user.email, keys: keyring(), now: new Date() }
    const { app, oauthClientSecret } = await registerApp(db(), { ...input.data, ...who })
    revalidatePath('/apps', 'layout')
    const oauth = oauthClientSecret ? { clientId: app.oauthClientId, clientSecret: oauthClientSecret } : null
    return { registered: { id: app.id, name: app.name, oauth } }
  } catch (error) {
    return { failed: refusal(error) }
  }
}
