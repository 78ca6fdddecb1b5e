import type { Database } from '#db/client'
import { lockApp, updateAppRow } from '#db/queries/apps'
import { recordAuditEvent } from '#db/queries/audit-events'
import { AppError } from '#lib/errors'
import { hashToken, randomToken } from '#lib/secrets'

/** The OAuth client secret that Front is to use: shown once, only its hash is kept. */
export function mintOAuthSecret(): { secret: string; hash: string } {
  const secret = randomToken('pbs_')
  return { secret, hash: hashToken(secret) }
}

/** Gives an app a new OAuth client secret. The old one ends at once, so it has to be pasted into Front right away. */
export async function rotateOAuthSecret(
  db: Database,
  { appId, actor, now }: { appId: string; actor: string; now: Date },
): Promise<{ secret: string }> {
  return db.transaction(async (tx) => {
    const app = await lockApp(tx, appId)
    if (!app) throw new AppError('not_found', 'There is no such app.')
    const { secret, hash } = mintOAuthSecret()
    await updateAppRow(tx, { id: appId, now, change: { oauthClientSecretHash: hash } })
    await recordAuditEvent(tx, {
      actor,
      action: 'app.rotate_oauth_secret',
      subjectId: appId,
      details: { name: app.name },
    })
    return { secret }
  })
}
