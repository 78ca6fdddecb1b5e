'use server'

import { getChannel } from '#db/queries/channels'
import { requireUser } from '#lib/auth'
import type { ConnectKey } from '#lib/channels/app-credentials'
import { db } from '#lib/database'
import { AppError } from '#lib/errors'
import { makeConnectKey } from '#lib/flows/make-connect-key'
import { channelForm } from './decide'

type NewKeyState = { connectKey: ConnectKey | null; message: string | null }

/** Another connect key for a channel that waits for Front. The key is in the answer this once. */
export async function newConnectKeyAction(_previous: NewKeyState | null, form: FormData): Promise<NewKeyState> {
  const user = await requireUser('admin')
  const input = channelForm.safeParse(Object.fromEntries(form))
  const channel = input.success ? await getChannel(db(), input.data.channelId) : null
  if (!channel?.appId) return { connectKey: null, message: 'There is no such channel.' }
  const { id: channelId, appId, name } = channel
  try {
    const { connection, key } = await makeConnectKey(db(), {
      appId,
      channelId,
      name,
      actor: user.email,
      now: new Date(),
    })
    return { connectKey: key === null ? null : { user: connection.id, key }, message: null }
  } catch (error) {
    if (error instanceof AppError) return { connectKey: null, message: error.message }
    throw error
  }
}
