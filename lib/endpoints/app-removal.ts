import { listChannelsByFrontId } from '#db/queries/app-channels'
import type { AppCall } from '#lib/endpoints/at-the-app-door'
import type { SignedEvent } from '#lib/endpoints/read-app-event'
import { AppError } from '#lib/errors'
import { beforeDeadline } from '#lib/flows/before-deadline'
import { disconnectChannel } from '#lib/flows/disconnect-channel'
import type { FrontEventOf } from '#lib/front/events'
import { ACKNOWLEDGED } from '#lib/front/replies'

type Removal = Omit<SignedEvent, 'event'> & { event: FrontEventOf<'delete'> }

/**
 * F7, by DELETE or POST, with a body or without. Signature and URL suffice: the credential may have been revoked before
 * (T31). A channel that is not there is removed already.
 * @throws AppError `bad_request` when nothing says which channel it is about
 */
export async function answerDelete(call: AppCall, { event, signedAt, raw }: Removal) {
  const { deps, door, timeLimit } = call
  const frontChannelId = event.payload?.channel_id ?? null
  const channelId = await findChannel(call, frontChannelId)
  if (channelId === null) return ACKNOWLEDGED
  const outcome = await beforeDeadline(deps.db, timeLimit, (tx) =>
    disconnectChannel(tx, { channelId, frontChannelId, signedAt, payload: raw, now: deps.now() }),
  )
  if (outcome === 'outdated') {
    const message = `Front’s call to remove the channel “${door.channel?.name}” is older than its last connect, so it changed nothing.`
    await call.keep({ status: 200, code: 'outdated', message })
  }
  return ACKNOWLEDGED
}

/** On the app's own address the signed body says which channel, else the credential. */
async function findChannel(
  { deps, door, namesChannel }: AppCall,
  frontChannelId: string | null,
): Promise<string | null> {
  if (!namesChannel && frontChannelId !== null) {
    const known = await listChannelsByFrontId(deps.db, frontChannelId)
    return known.find(({ appId }) => appId === door.id)?.id ?? null
  }
  if (door.channel || namesChannel) return door.channel?.id ?? null
  throw new AppError('bad_request', 'Nothing in this call says which channel is to be removed.')
}
