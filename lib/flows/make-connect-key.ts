import { z } from 'zod'
import type { Database, Transaction } from '#db/client'
import { newId } from '#db/ids'
import { getApp } from '#db/queries/apps'
import { recordAuditEvent } from '#db/queries/audit-events'
import { type Connection, insertConnection, insertConnectionToken } from '#db/queries/connections'
import { AppError } from '#lib/errors'
import { loadChannelForChange } from '#lib/flows/load-channel'
import { refuseTakenAddress } from '#lib/flows/refuse-taken-address'
import { hashToken, randomToken } from '#lib/secrets'

const HINT_LENGTH = 4

/** What a person calls a connection, to know later whose it is. */
export const connectionName = z
  .string()
  .trim()
  .min(1, 'Give the key a name, such as the team that will use it.')
  .max(100, 'A name has at most 100 characters.')
  .refine((name) => !name.includes('\u0000'), 'The name holds a character that cannot be stored.')

export type ConnectKeyOrder = {
  appId: string
  name: string
  /** A channel prepared for it; null lets Front's first connection make one. */
  channelId: string | null
  /** What Front is to show as the channel's address; unique within the app. */
  address?: string | null
  actor: string
  now: Date
}

/** `key` is here in the clear, to be shown once; null for an app without authentication, which needs none. */
export type MadeConnectKey = { connection: Connection; key: string | null }

/**
 * Makes a connect key: what a person pastes into Front as the app's API token. Only its hash is kept. Keys of apps
 * whose people sign in by OAuth work beside that.
 * @throws AppError `not_found` for an unknown app or channel, `channel_disabled` for an archived channel, `conflict` for an
 * archived app, a channel of another app or an address in use
 */
export function makeConnectKey(db: Database, order: ConnectKeyOrder): Promise<MadeConnectKey> {
  return refuseTakenAddress(() => db.transaction((tx) => addConnectKey(tx, order)))
}

/** The same in a transaction of the caller's, such as the one that prepares the channel. */
export async function addConnectKey(tx: Transaction, order: ConnectKeyOrder): Promise<MadeConnectKey> {
  const { appId, name, channelId, address = null, actor, now } = order
  const app = await getApp(tx, appId)
  if (!app) throw new AppError('not_found', 'There is no such app.')
  if (app.archivedAt) throw new AppError('conflict', 'This app is archived.')
  if (channelId !== null) await requireChannelOf(tx, { appId, channelId })
  const key = app.authMethod === 'none' ? null : randomToken('pbc_')
  const id = newId()
  const hint = key?.slice(-HINT_LENGTH) ?? null
  const kind = key === null ? ('open' as const) : ('key' as const)
  const named = { id, appId, channelId, kind, name, address, hint, createdBy: actor, createdAt: now }
  const connection = await insertConnection(tx, named)
  if (key !== null) {
    const token = { id: newId(), connectionId: id, purpose: 'key' as const, tokenHash: hashToken(key), createdAt: now }
    await insertConnectionToken(tx, token)
  }
  const details = { app: app.name, name, hint, kind }
  const about = channelId === null ? {} : { channelId }
  await recordAuditEvent(tx, { actor, action: 'connection.make', ...about, subjectId: id, details })
  return { connection, key }
}

async function requireChannelOf(
  tx: Transaction,
  { appId, channelId }: { appId: string; channelId: string },
): Promise<void> {
  const channel = await loadChannelForChange(tx, channelId)
  if (channel.appId !== appId) throw new AppError('conflict', 'This channel does not belong to the app.')
}
