import type { Database } from '#db/client'
import { type App, getApp } from '#db/queries/apps'
import { getChannel } from '#db/queries/channels'
import { type ConnectKey, channelCredentials } from '#lib/channels/app-credentials'
import { isUnfinished } from '#lib/channels/channel-status'
import { AppError } from '#lib/errors'
import { dropUnfinishedChannel } from '#lib/flows/finish-channel'
import { addConnectKey } from '#lib/flows/make-connect-key'
import { type ChannelBasics, type OpenedChannel, openChannel } from '#lib/flows/open-channel'
import type { FrontClient } from '#lib/front/client'
import type { SealingKeys } from '#lib/secrets'

type Preparation = {
  appId: string
  basics: Omit<ChannelBasics, 'companyId' | 'kind' | 'appId'>
  /** The inbox where Front is to make it; null leaves that to a person. */
  frontInboxId: string | null
  actor: string
  keys: SealingKeys
  now: Date
}

/** `connectKey` is here in the clear, to be shown once; null for an app that needs none, or whose people sign in. */
export type PreparedChannel = OpenedChannel & { app: App; connectKey: ConnectKey | null }

/**
 * Makes an application channel that waits for Front to connect it, with a connect key of its own where the app takes
 * one: whoever pastes that key into Front connects just this channel.
 * @throws AppError `not_found` for an unknown app, `conflict` for an archived one
 */
export async function prepareApplicationChannel(db: Database, preparation: Preparation): Promise<PreparedChannel> {
  const { appId, basics, frontInboxId, actor, keys, now } = preparation
  return db.transaction(async (tx) => {
    const app = await getApp(tx, appId)
    if (!app) throw new AppError('not_found', 'There is no such app.')
    if (app.archivedAt) throw new AppError('conflict', 'This app is archived.')
    const owner = { companyId: app.companyId, kind: 'application' as const, appId }
    const opened = await openChannel(tx, {
      basics: { ...basics, ...owner },
      frontChannelId: null,
      frontInboxId,
      actor,
      keys,
      now,
    })
    const channelId = opened.channel.id
    // People of an OAuth app sign in and choose this channel there; an open app has no credential.
    const needsKey = app.authMethod !== 'oauth' && app.authMethod !== 'none'
    const made = needsKey ? await addConnectKey(tx, { appId, name: basics.name, channelId, actor, now }) : null
    const connectKey = made?.key ? { user: made.connection.id, key: made.key } : null
    return { ...opened, app, connectKey }
  })
}

/** `created: false`: Front's answer was lost, so it may have made the channel or not. */
export type CreatedApplicationChannel = PreparedChannel & { created: boolean }

type Creation = Preparation & { frontInboxId: string; front: Pick<FrontClient, 'postChannel'> }

/**
 * Prepares an application channel and has Front make it (B4). Front connects it by calling us with the key that goes
 * along, often before it has answered here.
 * @throws AppError with Front's words when it said no; then nothing is left behind
 */
export async function createApplicationChannel(db: Database, creation: Creation): Promise<CreatedApplicationChannel> {
  const { front, frontInboxId, actor } = creation
  const prepared = await prepareApplicationChannel(db, creation)
  const { app, channel, connectKey } = prepared
  const credentials = channelCredentials(app.authMethod, connectKey)
  try {
    const order = { inboxId: frontInboxId, name: channel.name, applicationUid: app.uid, credentials }
    await front.postChannel(order)
    return { ...prepared, created: true }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'unavailable') return { ...prepared, created: false }
    // Front may say no and have connected it all the same: then it stays.
    const now = await getChannel(db, channel.id)
    if (now && !isUnfinished(now.frontChannelId)) return { ...prepared, created: true }
    await dropUnfinishedChannel(db, { channelId: channel.id, actor })
    throw error
  }
}
