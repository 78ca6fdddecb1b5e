import { z } from 'zod'
import { listAddresses } from '#db/queries/app-channels'
import { applicationWebhookUrl } from '#lib/channels/addresses'
import type { AppCall } from '#lib/endpoints/at-the-app-door'
import type { SignedEvent } from '#lib/endpoints/read-app-event'
import { requireConnection } from '#lib/endpoints/require-connection'
import { startDelivery } from '#lib/endpoints/start-delivery'
import { AppError } from '#lib/errors'
import { authorizeChannel } from '#lib/flows/authorize-channel'
import { beforeDeadline } from '#lib/flows/before-deadline'
import { refuseTakenFrontChannel } from '#lib/flows/refuse-taken-front-channel'
import { type FrontEventOf, pageTokenOf } from '#lib/front/events'
import { addressList, authorized } from '#lib/front/replies'

const ADDRESSES_PER_PAGE = 50

type Authorizing = Pick<SignedEvent, 'signedAt'> & { event: FrontEventOf<'authorization'> }

/** F2. What waited for the channel goes out once it is connected. */
export async function answerAuthorization(call: AppCall, { event, signedAt }: Authorizing) {
  const { deps, door, timeLimit } = call
  const connection = requireConnection(call)
  const { channel_id: frontChannelId } = event.payload
  const authorization = { app: door, connection, frontChannelId, payload: event.payload, signedAt }
  const { keys } = deps
  const channel = await refuseTakenFrontChannel(() =>
    beforeDeadline(deps.db, timeLimit, (tx) => authorizeChannel(tx, { ...authorization, keys, now: deps.now() })),
  )
  startDelivery(deps)
  return authorized(applicationWebhookUrl({ publicUrl: deps.publicUrl, appKey: door.key, channelKey: channel.key }))
}

/** F3: what a shared credential may connect; of a connection that belongs to one channel, that one. */
export async function answerListAddresses(call: AppCall, event: FrontEventOf<'list_addresses'>) {
  const { deps, door } = call
  const connection = requireConnection(call)
  const isUnbound = connection?.channelId === null && door.credentials === 'private'
  if (isUnbound) return addressList([], null)
  const rows = await listAddresses(deps.db, {
    appId: door.id,
    channelId: connection?.channelId ?? null,
    after: readPageToken(pageTokenOf(event)),
    limit: ADDRESSES_PER_PAGE + 1,
  })
  const page = rows.slice(0, ADDRESSES_PER_PAGE)
  const last = rows.length > page.length ? page.at(-1) : undefined
  return addressList(page, last ? toPageToken(last.id) : null)
}

function toPageToken(id: string): string {
  return Buffer.from(id).toString('base64url')
}

/** @throws AppError `bad_request` for a token that is not ours */
function readPageToken(token: string | null): string | null {
  if (token === null || token === '') return null
  const id = z.uuid().safeParse(Buffer.from(token, 'base64url').toString('utf8'))
  if (id.success) return id.data
  throw new AppError('bad_request', 'The page token is not one that Patchbay gave. Begin again at the first page.')
}
