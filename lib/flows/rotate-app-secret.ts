import type { Database } from '#db/client'
import { updateAppRow } from '#db/queries/apps'
import { recordAuditEvent } from '#db/queries/audit-events'
import { AppError } from '#lib/errors'
import { loadAppForChange } from '#lib/flows/load-app'
import { OVERLAPS_H, type Overlap } from '#lib/flows/rotate-key'
import { type SealingKeys, seal, unseal } from '#lib/secrets'

type Rotation = {
  appId: string
  /** The new one, made by Front. */
  secret: string
  /** How long the present one goes on verifying Front's calls. Our own calls use the new one at once. */
  overlap: Overlap
  actor: string
  keys: SealingKeys
  now: Date
}

/**
 * Takes in the new app secret that Front made.
 * @throws AppError `not_found`, `conflict` for an archived app, `invalid_input` when it is the present one
 */
export async function rotateAppSecret(db: Database, rotation: Rotation): Promise<void> {
  const { appId, secret, overlap, actor, keys, now } = rotation
  await db.transaction(async (tx) => {
    const app = await loadAppForChange(tx, appId)
    if (unseal(app.secretSealed, keys) === secret) {
      const message = 'This is the present secret already.'
      throw new AppError('invalid_input', message, { details: [{ path: 'secret', message }] })
    }
    const keepsOld = OVERLAPS_H[overlap] > 0
    const change = {
      secretSealed: seal(secret, keys),
      previousSecretSealed: keepsOld ? app.secretSealed : null,
      previousSecretUntil: keepsOld ? new Date(now.getTime() + OVERLAPS_H[overlap] * 3_600_000) : null,
    }
    await updateAppRow(tx, { id: appId, now, change })
    await recordAuditEvent(tx, { actor, action: 'app.rotate_secret', subjectId: appId, details: { overlap } })
  })
}

/** Ends the previous secret before its time: calls that Front signs with it are refused from this moment. */
export async function endPreviousSecret(
  db: Database,
  { appId, actor, now }: Pick<Rotation, 'appId' | 'actor' | 'now'>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const app = await loadAppForChange(tx, appId)
    if (app.previousSecretSealed === null) return
    await updateAppRow(tx, { id: appId, now, change: { previousSecretSealed: null, previousSecretUntil: null } })
    await recordAuditEvent(tx, { actor, action: 'app.end_previous_secret', subjectId: appId })
  })
}
