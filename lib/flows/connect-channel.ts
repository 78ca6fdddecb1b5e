import { z } from 'zod'
import type { Database } from '#db/client'
import { AppError } from '#lib/errors'
import { type ChannelBasics, type OpenedChannel, openChannel } from '#lib/flows/open-channel'
import { refuseTakenFrontChannel } from '#lib/flows/refuse-taken-front-channel'
import type { FrontClient } from '#lib/front/client'
import { inboxIdOf } from '#lib/front/schemas'
import type { SealingKeys } from '#lib/secrets'

/** A channel id as Front writes it. Opaque behind its prefix. */
export const frontChannelId = z
  .string()
  .trim()
  .regex(/^cha_[0-9a-zA-Z]{1,40}$/, 'A channel id looks like cha_55c8c149.')

type Connection = {
  basics: ChannelBasics
  frontChannelId: string
  /** Null when the company has no API token: then nothing can be checked. */
  front: Pick<FrontClient, 'getChannel'> | null
  actor: string
  keys: SealingKeys
  now: Date
}

/**
 * Connects a channel that a person made in Front by hand, checked in Front where a token allows it.
 * @throws AppError `invalid_input` when Front has no such channel or it is not a custom one, `conflict` when it is connected already, or what
 * Front's client throws
 */
export async function connectChannel(db: Database, connection: Connection): Promise<OpenedChannel> {
  const { basics, front, actor, keys, now } = connection
  const known = front ? await front.getChannel(connection.frontChannelId) : null
  if (front && !known) throw refuseId('Front has no channel with this id, or the API token may not see it.')
  if (known && known.type !== 'custom') {
    throw refuseId(`In Front this is a channel of type ${known.type ?? 'unknown'}, not a custom channel.`)
  }
  return refuseTakenFrontChannel(() =>
    db.transaction((tx) =>
      openChannel(tx, {
        basics,
        frontChannelId: connection.frontChannelId,
        frontInboxId: known ? inboxIdOf(known) : null,
        actor,
        keys,
        now,
      }),
    ),
  )
}

function refuseId(message: string): AppError {
  return new AppError('invalid_input', message, { details: [{ path: 'frontChannelId', message }] })
}
