import { isDeepStrictEqual } from 'node:util'
import type { Database } from '#db/client'
import { updateAppRow } from '#db/queries/apps'
import { recordAuditEvent } from '#db/queries/audit-events'
import type { AppSettings } from '#lib/channels/app-settings'
import { loadAppForChange } from '#lib/flows/load-app'
import { refuseTakenUid } from '#lib/flows/register-app'

type Update = { appId: string; settings: AppSettings; actor: string; now: Date }

/**
 * Changes how an app is described and answered; its secrets are changed apart.
 * @throws AppError `not_found`, or `conflict` for an archived app and for the UID of another one
 */
export async function updateApp(db: Database, { appId, settings, actor, now }: Update): Promise<void> {
  await db.transaction(async (tx) => {
    const app = await loadAppForChange(tx, appId)
    await refuseTakenUid(tx, { companyId: app.companyId, uid: settings.uid, exceptId: appId })
    const before: Record<string, unknown> = app
    const changed = Object.entries(settings)
      .filter(([field, value]) => !isDeepStrictEqual(before[field], value))
      .map(([field]) => field)
    if (changed.length === 0) return
    await updateAppRow(tx, { id: appId, now, change: settings })
    await recordAuditEvent(tx, { actor, action: 'app.update', subjectId: appId, details: { changed } })
  })
}

/** Forgets where OAuth sign-ins led back to: the next one may lead to any allowed host and is remembered in its place. */
export async function resetPinnedRedirect(
  db: Database,
  { appId, actor, now }: Pick<Update, 'appId' | 'actor' | 'now'>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const app = await loadAppForChange(tx, appId)
    if (app.pinnedRedirectUri === null) return
    await updateAppRow(tx, { id: appId, now, change: { pinnedRedirectUri: null } })
    const details = { was: app.pinnedRedirectUri }
    await recordAuditEvent(tx, { actor, action: 'app.reset_redirect', subjectId: appId, details })
  })
}
