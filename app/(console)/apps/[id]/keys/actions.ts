'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { connectionName, makeConnectKey } from '#lib/flows/make-connect-key'
import { revokeConnection } from '#lib/flows/revoke-connection'
import { type FormState, invalidForm, refusal } from '#lib/forms/form-state'
import { appForm, changeApp } from '../../_parts/app-action'

/** `made.key` is in it this once; null where the app needs none. `user` is the name beside it, where Front asks for one. */
export type MakeKeyState =
  | { made: { key: string | null; user: string; name: string; at: number } }
  | { failed: FormState }
  | null

const makeForm = appForm.extend({
  name: connectionName,
  channelId: z.union([z.literal('').transform(() => null), z.uuid('Choose a channel.')]).default(null),
})
const revokeForm = appForm.extend({ connectionId: z.uuid('There is no such connection.') })

export async function makeKeyAction(_previous: MakeKeyState, form: FormData): Promise<MakeKeyState> {
  const user = await requireUser('admin')
  const input = makeForm.safeParse(Object.fromEntries(form))
  if (!input.success) return { failed: invalidForm(input.error) }
  try {
    const now = new Date()
    const { key, connection } = await makeConnectKey(db(), { ...input.data, actor: user.email, now })
    revalidatePath('/apps', 'layout')
    return { made: { key, user: connection.id, name: input.data.name, at: now.getTime() } }
  } catch (error) {
    return { failed: refusal(error) }
  }
}

export async function revokeAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  return changeApp({ schema: revokeForm, form }, async ({ connectionId }, who) => {
    const ended = await revokeConnection(db(), { connectionId, ...who })
    return ended ? 'Revoked. It opens nothing any more.' : 'It had been revoked before.'
  })
}
