import type { Transaction } from '#db/client'
import { type App, lockApp } from '#db/queries/apps'
import { AppError } from '#lib/errors'

/**
 * The app that a flow is about to change, locked until its transaction ends.
 * @throws AppError `not_found`, or `conflict` for an archived one
 */
export async function loadAppForChange(tx: Transaction, appId: string): Promise<App> {
  const app = await lockApp(tx, appId)
  if (!app) throw new AppError('not_found', 'There is no such app.')
  if (app.archivedAt) throw new AppError('conflict', 'This app is archived.')
  return app
}
