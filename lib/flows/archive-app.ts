import type { Database } from '#db/client'
import { updateAppRow } from '#db/queries/apps'
import { recordAuditEvent } from '#db/queries/audit-events'
import { listChannelsOfApp } from '#db/queries/channels'
import { AppError } from '#lib/errors'
import { loadAppForChange } from '#lib/flows/load-app'

type Archive = { appId: string; typedName: string; actor: string; now: Date }

/**
 * Takes an app out of use for good: its addresses answer 404 and its keys open nothing. The app in Front is not touched.
 * @throws AppError `not_found`, `invalid_input` for a mistyped name, `conflict` while channels use it or when it is archived
 */
export async function archiveApp(db: Database, { appId, typedName, actor, now }: Archive): Promise<void> {
  await db.transaction(async (tx) => {
    const app = await loadAppForChange(tx, appId)
    if (typedName.trim() !== app.name) {
      throw new AppError('invalid_input', 'The name does not match.', {
        details: [{ path: 'typedName', message: `Type ${app.name} exactly as it is.` }],
      })
    }
    const using = await listChannelsOfApp(tx, appId)
    if (using.length > 0) {
      const names = using.slice(0, 3).map((channel) => channel.name)
      const rest = using.length - names.length
      const list = rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ')
      throw new AppError('conflict', `Channels still use this app: ${list}. Archive them first.`)
    }
    await updateAppRow(tx, { id: appId, now, change: { archivedAt: now } })
    await recordAuditEvent(tx, { actor, action: 'app.archive', subjectId: appId, details: { name: app.name } })
  })
}
