'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { requireUser } from '#lib/auth'
import type { HeaderInput } from '#lib/channels/provider-headers'
import { channelSettings } from '#lib/channels/settings'
import { db } from '#lib/database'
import { updateChannel } from '#lib/flows/update-channel'
import { keyring } from '#lib/keyring'
import { done, type FormState, refuse, refuseError, refuseFields } from '../../_parts/form-state'
import { checkUrlHere } from '../../_parts/surroundings'

export async function saveSettingsAction(_previous: FormState | null, form: FormData): Promise<FormState> {
  const user = await requireUser('admin')
  const channelId = z.uuid().safeParse(form.get('channelId'))
  if (!channelId.success) return refuse('There is no such channel.', form)
  const settings = channelSettings.safeParse(Object.fromEntries(form))
  if (!settings.success) return refuseFields(settings.error, form)
  try {
    await updateChannel(db(), {
      channelId: channelId.data,
      settings: settings.data,
      headers: readHeaders(form),
      checkProviderUrl: checkUrlHere,
      actor: user.email,
      keys: keyring(),
      now: new Date(),
    })
  } catch (error) {
    return refuseError(error, form)
  }
  revalidatePath('/channels', 'layout')
  return done('Saved.', form)
}

/** Names and values come as two lists of the same length. */
function readHeaders(form: FormData): HeaderInput[] {
  const values = form.getAll('headerValue').map(String)
  return form.getAll('headerName').map((name, index) => ({ name: String(name), value: values[index] ?? '' }))
}
