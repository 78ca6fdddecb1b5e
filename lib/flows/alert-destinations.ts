import type { Database, Transaction } from '#db/client'
import { newId } from '#db/ids'
import {
  type AlertDestination,
  deleteAlertDestination,
  insertAlertDestination,
  lockAlertDestination,
  updateAlertDestination,
} from '#db/queries/alert-destinations'
import { forgetAlertStates } from '#db/queries/alert-states'
import { discardAlerts, hurryAlerts } from '#db/queries/alerts'
import { recordAuditEvent } from '#db/queries/audit-events'
import { type AlertSettings, openSettings, sealSettings, shownSettings } from '#lib/alerts/settings'
import { AppError } from '#lib/errors'
import { OVERLAPS_H, type Overlap } from '#lib/flows/rotate-key'
import { generateSigningSecret } from '#lib/provider/signature'
import type { SealingKeys } from '#lib/secrets'

export const DESTINATION_REMOVED = 'The destination was removed.'
export const DESTINATION_OFF = 'The destination is switched off.'

/** What people choose about a destination beside where it is. */
export type AlertWishes = Pick<
  AlertDestination,
  | 'name'
  | 'alerts'
  | 'channelIds'
  | 'failuresInARow'
  | 'backlogMinutes'
  | 'missingCount'
  | 'calmMinutes'
  | 'quietFrom'
  | 'quietTo'
  | 'quietZone'
>

/** Where alerts go, as a person says it: a webhook's signing secret is ours to make. */
export type AlertPlace = { kind: 'email'; to: string[] } | { kind: 'slack' | 'webhook'; url: string }

type By = { actor: string; keys: SealingKeys; now: Date }

/** @returns its id, and the signing secret of a webhook, this once */
export async function addAlertDestination(
  db: Database,
  { wishes, place, actor, keys, now }: By & { wishes: AlertWishes; place: AlertPlace },
): Promise<{ id: string; secret: string | null }> {
  const id = newId()
  const secret = place.kind === 'webhook' ? generateSigningSecret() : null
  const settings = withSecrets(place, secret ? [{ secret, expiresAt: null }] : [])
  const sealed = { settingsSealed: sealSettings(settings, keys), shown: shownSettings(settings) }
  const row = { ...wishes, id, kind: place.kind, ...sealed, createdBy: actor, createdAt: now, updatedAt: now }
  await db.transaction(async (tx) => {
    await insertAlertDestination(tx, row)
    await audit(tx, { actor, action: 'alert_destination.add', destination: row })
  })
  return { id, secret }
}

/** Changes wishes and, where a new one is given, its place. @throws AppError `not_found` */
export async function changeAlertDestination(
  db: Database,
  change: By & { id: string; wishes: AlertWishes; place: AlertPlace | null },
): Promise<void> {
  const { id, wishes, place, actor, keys, now } = change
  await db.transaction(async (tx) => {
    const destination = await loadForChange(tx, id)
    if (place && place.kind !== destination.kind) throw new AppError('conflict', 'A destination keeps its kind.')
    const sealed = place ? resealed(destination, place, keys) : {}
    if (place) await hurryAlerts(tx, id)
    await updateAlertDestination(tx, { id, change: { ...wishes, ...sealed }, now })
    await audit(tx, {
      actor,
      action: 'alert_destination.change',
      destination: { ...destination, ...wishes, ...sealed },
    })
  })
}

/** Switches it off, after which it knows of no trouble, or on again. @throws AppError `not_found` */
export async function switchAlertDestination(
  db: Database,
  { id, on, actor, now }: Omit<By, 'keys'> & { id: string; on: boolean },
): Promise<void> {
  await db.transaction(async (tx) => {
    const destination = await loadForChange(tx, id)
    if (destination.enabled === on) return
    await updateAlertDestination(tx, { id, change: { enabled: on }, now })
    if (!on) await forgetAlertStates(tx, id)
    if (!on) await discardAlerts(tx, { destinationId: id, by: actor, reason: DESTINATION_OFF, now })
    await audit(tx, { actor, action: on ? 'alert_destination.enable' : 'alert_destination.disable', destination })
  })
}

/** Alerts that it was not told are given up. @throws AppError `not_found` */
export async function removeAlertDestination(
  db: Database,
  { id, actor, now }: Omit<By, 'keys'> & { id: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const destination = await loadForChange(tx, id)
    await discardAlerts(tx, { destinationId: id, by: actor, reason: DESTINATION_REMOVED, now })
    await deleteAlertDestination(tx, id)
    await audit(tx, { actor, action: 'alert_destination.remove', destination })
  })
}

/** Makes a webhook a new signing secret and lets the old ones end after the overlap. It is returned this once. */
export async function rotateAlertSecret(
  db: Database,
  { id, overlap, actor, keys, now }: By & { id: string; overlap: Overlap },
): Promise<{ secret: string }> {
  const secret = generateSigningSecret()
  const end = new Date(now.getTime() + OVERLAPS_H[overlap] * 3_600_000)
  await db.transaction(async (tx) => {
    const destination = await loadForChange(tx, id)
    const settings = openSettings(destination.settingsSealed, keys)
    if (settings.kind !== 'webhook') throw new AppError('conflict', 'Only a webhook is signed.')
    const olds = settings.secrets
      .map((old) => ({ ...old, expiresAt: earlier(old.expiresAt, end) }))
      .filter(({ expiresAt }) => new Date(expiresAt) > now)
    const renewed = { ...settings, secrets: [{ secret, expiresAt: null }, ...olds] }
    await updateAlertDestination(tx, { id, change: { settingsSealed: sealSettings(renewed, keys) }, now })
    await audit(tx, { actor, action: 'alert_destination.rotate', destination, overlap })
  })
  return { secret }
}

function earlier(expiresAt: string | null, end: Date): string {
  return expiresAt && new Date(expiresAt) < end ? expiresAt : end.toISOString()
}

function withSecrets(place: AlertPlace, secrets: { secret: string; expiresAt: string | null }[]): AlertSettings {
  if (place.kind === 'email') return place
  return place.kind === 'slack' ? { kind: 'slack', url: place.url } : { kind: 'webhook', url: place.url, secrets }
}

function resealed(destination: AlertDestination, place: AlertPlace, keys: SealingKeys) {
  const known = openSettings(destination.settingsSealed, keys)
  const settings = withSecrets(place, known.kind === 'webhook' ? known.secrets : [])
  return { settingsSealed: sealSettings(settings, keys), shown: shownSettings(settings) }
}

async function loadForChange(tx: Transaction, id: string): Promise<AlertDestination> {
  const destination = await lockAlertDestination(tx, id)
  if (!destination) throw new AppError('not_found', 'This destination was removed.')
  return destination
}

type Audited = { actor: string; action: string; destination: Pick<AlertDestination, 'id' | 'name' | 'shown'> }

async function audit(tx: Transaction, { actor, action, destination, ...more }: Audited & { overlap?: Overlap }) {
  const details = { name: destination.name, shown: destination.shown, ...more }
  await recordAuditEvent(tx, { actor, action, subjectId: destination.id, details })
}
