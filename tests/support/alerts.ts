import { eq } from 'drizzle-orm'
import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { type AlertDestination, insertAlertDestination, type NewAlertDestination } from '#db/queries/alert-destinations'
import { listAlerts } from '#db/queries/alerts'
import { ALERT_KINDS, alertDestinations } from '#db/schema/alerts'
import { type AlertEvent, alertEvent } from '#lib/alerts/event'
import { type AlertSettings, sealSettings, shownSettings } from '#lib/alerts/settings'
import type { SealingKeys } from '#lib/secrets'

const SLACK: AlertSettings = { kind: 'slack', url: 'https://hooks.example/services/T1/B2/secret' }

type Options = Partial<NewAlertDestination> & { keys: SealingKeys; settings?: AlertSettings }

/** A destination that wants to know everything of all channels. */
export async function createAlertDestination(
  db: Database,
  { keys, settings = SLACK, ...more }: Options,
): Promise<AlertDestination> {
  const id = newId()
  await insertAlertDestination(db, {
    id,
    name: 'Operations',
    kind: settings.kind,
    settingsSealed: sealSettings(settings, keys),
    shown: shownSettings(settings),
    alerts: [...ALERT_KINDS],
    createdBy: 'mina@example.com',
    ...more,
  })
  const [row] = await db.select().from(alertDestinations).where(eq(alertDestinations.id, id))
  if (!row) throw new Error('The destination was not made.')
  return row
}

/** What a destination was told, oldest first. */
export async function toldTo(db: Database, destinationId: string): Promise<AlertEvent[]> {
  const alerts = await listAlerts(db, { destinationIds: [destinationId], limit: 100 })
  return alerts.reverse().map(({ payload }) => alertEvent.parse(payload))
}

export async function typesToldTo(db: Database, destinationId: string): Promise<AlertEvent['type'][]> {
  return (await toldTo(db, destinationId)).map(({ type }) => type)
}
