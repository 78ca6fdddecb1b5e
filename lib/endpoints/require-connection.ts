import type { AppDoor, AppDoorChannel, ShownConnection } from '#db/queries/app-doors'
import { isUnfinished } from '#lib/channels/channel-status'
import type { AppCall } from '#lib/endpoints/at-the-app-door'
import { AppError } from '#lib/errors'

const CONNECT_AGAIN = 'In Front, open the settings of this channel and connect it to Patchbay again'

/**
 * The connection whose credential Front shows; null for an app without authentication, which needs none.
 * @throws AppError `unauthenticated`, in words for whoever uses the channel in Front
 */
export function requireConnection({ door, credential }: AppCall): ShownConnection | null {
  if (door.authMethod === 'none') return null
  const { connection } = door
  if (connection?.ended === null) return connection
  throw new AppError('unauthenticated', whyNot(door, credential.isShown))
}

function whyNot({ connection }: AppDoor, isShown: boolean): string {
  if (!isShown) return `This channel is not signed in to Patchbay. ${CONNECT_AGAIN}, with a connect key made there.`
  switch (connection?.ended) {
    case 'revoked':
      return `The connect key of this channel was revoked in Patchbay. ${CONNECT_AGAIN}, with a new key.`
    case 'expired':
      return `This channel’s sign-in to Patchbay has run out. ${CONNECT_AGAIN}.`
    default:
      return `Patchbay does not know the key of this channel. ${CONNECT_AGAIN}, with a connect key made there.`
  }
}

/**
 * The channel that an event is for: the one that the URL names, or on the app's own address the connection's.
 * @throws AppError `not_found` when it is not there or not connected any more, `forbidden` for another channel's credential
 */
export function requireChannel(call: AppCall): AppDoorChannel {
  const connection = requireConnection(call)
  const { channel } = call.door
  if (!channel) throw notConnected()
  if (channel.disconnectedMs !== null || isUnfinished(channel.frontChannelId)) throw notConnected()
  if (connection && !serves(connection, channel, call.door)) {
    throw new AppError('forbidden', `The key that Front shows belongs to another channel. ${CONNECT_AGAIN}.`)
  }
  return channel
}

function serves({ channelId }: ShownConnection, channel: AppDoorChannel, { credentials }: AppDoor): boolean {
  return channelId === channel.id || (channelId === null && credentials === 'shared')
}

function notConnected(): AppError {
  return new AppError('not_found', `Patchbay has no channel at this address that is connected. ${CONNECT_AGAIN}.`)
}
