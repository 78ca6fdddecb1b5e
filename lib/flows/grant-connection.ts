import type { Database, Transaction } from '#db/client'
import { newId } from '#db/ids'
import type { App } from '#db/queries/apps'
import { recordAuditEvent } from '#db/queries/audit-events'
import { insertConnection } from '#db/queries/connections'
import { findOAuthConnection } from '#db/queries/oauth-tokens'
import { AppError } from '#lib/errors'
import { loadChannelForChange } from '#lib/flows/load-channel'
import { refuseTakenAddress } from '#lib/flows/refuse-taken-address'

/** `all`: shared credentials open every channel of the app. `new`: Front's first call makes the channel. */
export type GrantChoice =
  | { kind: 'all'; name: string }
  | { kind: 'channel'; channelId: string }
  | { kind: 'new'; name: string; address: string | null }

type Grant = { app: Pick<App, 'id' | 'name' | 'archivedAt'>; choice: GrantChoice; actor: string; now: Date }

/**
 * Notes that a person allowed Front to connect a channel by OAuth, and which. A channel that was connected this way
 * before goes on with its connection; its earlier tokens stay good until they end.
 * @returns the connection that the code of this sign-in opens
 * @throws AppError `conflict` for a channel of another app or an address in use, `not_found`, `channel_disabled`
 */
export async function grantConnection(db: Database, grant: Grant): Promise<{ connectionId: string }> {
  if (grant.app.archivedAt) throw new AppError('conflict', 'This app is archived.')
  return refuseTakenAddress(() =>
    db.transaction(async (tx) => {
      const { app, choice, actor } = grant
      const channel = choice.kind === 'channel' ? await loadChannelForChange(tx, choice.channelId) : null
      if (channel && channel.appId !== app.id) throw new AppError('conflict', 'This channel belongs to another app.')
      const known = channel && (await findOAuthConnection(tx, channel.id))
      const connectionId = known?.id ?? (await makeConnection(tx, grant, channel))
      const details = { app: app.name, choice: choice.kind }
      const about = channel ? { channelId: channel.id } : {}
      await recordAuditEvent(tx, { actor, action: 'connection.grant', ...about, subjectId: connectionId, details })
      return { connectionId }
    }),
  )
}

type Named = { id: string; name: string; key: string }

async function makeConnection(tx: Transaction, { app, choice, actor, now }: Grant, channel: Named | null) {
  const id = newId()
  await insertConnection(tx, {
    id,
    appId: app.id,
    channelId: channel?.id ?? null,
    kind: 'oauth',
    name: choice.kind === 'channel' ? (channel?.name ?? '') : choice.name,
    // Unique for each channel of the app, as Front asks: what introspection tells.
    address: choice.kind === 'new' ? choice.address : (channel?.key ?? null),
    createdBy: actor,
    createdAt: now,
  })
  return id
}
