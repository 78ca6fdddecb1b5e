import { findSandboxChannel, updateSandboxChannel } from '#db/queries/sandbox-channels'
import { AppError } from '#lib/errors'
import { callChannelApp } from '#lib/sandbox/apps/call-channel'
import type { DeleteForm } from '#lib/sandbox/apps/post-event'
import type { SandboxDeps } from '#lib/sandbox/deps'

/**
 * Deletes an application channel and tells its app (F7). The channel is gone whatever the app answers; its
 * conversations stay.
 * @returns why the app did not take it, null when it did
 */
export async function deleteAppChannel(
  deps: SandboxDeps,
  { channelId, form }: { channelId: string; form: DeleteForm },
): Promise<string | null> {
  const channel = await findSandboxChannel(deps.db, channelId)
  if (!channel?.appUid) throw new AppError('not_found', 'The sandbox has no such application channel.')
  await updateSandboxChannel(deps.db, channel.id, { deletedAt: deps.now })
  if (channel.webhookUrl === null) return null
  const event = { type: 'delete', payload: { channel_id: channel.id } }
  const answer = await callChannelApp(deps, { channel, event, form })
  return answer.ok ? null : answer.reason
}
