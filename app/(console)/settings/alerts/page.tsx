import { BellPlus, Mail, MessageSquare, Webhook } from 'lucide-react'
import { type ListedAlertDestination, listAlertDestinations } from '#db/queries/alert-destinations'
import { listAlerts } from '#db/queries/alerts'
import type { AlertDestinationKind } from '#db/schema/alerts'
import { ALERT_KIND_WORDS, DESTINATION_KINDS } from '#lib/alerts/setting-words'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { missingForMail } from '#lib/mail/outbound-mail'
import { atLeastRole } from '#lib/roles'
import { ButtonLink } from '#ui/button'
import { Callout } from '#ui/callout'
import { Chip } from '#ui/chip'
import { List, ListRow } from '#ui/list'
import { Section, Stack } from '#ui/section'
import { EmptyState } from '#ui/states'
import { AlertList } from './alert-list'
import { NoMailServer } from './no-mail-server'

export const metadata = { title: 'Alerts' }

const ICONS = { email: Mail, slack: MessageSquare, webhook: Webhook } as const

export default async function AlertsPage() {
  const user = await requireUser('viewer')
  const destinations = await listAlertDestinations(db())
  const alerts = await listAlerts(db(), { destinationIds: destinations.map(({ id }) => id) })
  const mayEdit = atLeastRole(user.role, 'admin')
  const missing = destinations.some(({ kind }) => kind === 'email') ? missingForMail() : []
  const add = (
    <ButtonLink href="/settings/alerts/new" variant="primary" icon={BellPlus}>
      Add a destination
    </ButtonLink>
  )
  return (
    <Stack>
      {!mayEdit && <Callout>Only admins and owners can change what is here.</Callout>}
      {missing.length > 0 && <NoMailServer missing={missing} />}
      <Section
        id="destinations"
        title="Destinations"
        description="Who hears when a channel is in trouble, and when that is over. Nothing is told twice."
        actions={mayEdit && destinations.length > 0 && add}
        flush
      >
        {destinations.length === 0 ? (
          <EmptyState title="Nobody is alerted yet" action={mayEdit && add}>
            Trouble shows on the overview only. Add an e-mail address, a Slack channel or a webhook.
          </EmptyState>
        ) : (
          <List label="Destinations">
            {destinations.map((destination) => (
              <Destination key={destination.id} destination={destination} />
            ))}
          </List>
        )}
      </Section>
      {alerts.length > 0 && (
        <Section id="recent" title="Recent alerts" flush>
          <AlertList
            alerts={alerts}
            names={new Map(destinations.map(({ id, name }) => [id, name]))}
            now={new Date()}
            canDecide={atLeastRole(user.role, 'support')}
          />
        </Section>
      )}
    </Stack>
  )
}

function Destination({ destination }: { destination: ListedAlertDestination }) {
  const { id, name, kind, shown, alerts, channelIds, enabled } = destination
  const which = alerts.map((one) => ALERT_KIND_WORDS[one].short).join(', ')
  return (
    <ListRow
      href={`/settings/alerts/${id}`}
      leading={<KindIcon kind={kind} />}
      title={name}
      trailing={enabled ? <Chip tone="ok">On</Chip> : <Chip tone="bad">Switched off</Chip>}
    >
      {DESTINATION_KINDS[kind].title}: {shown}. Alerts of {which}, {channelWords(channelIds)}.
    </ListRow>
  )
}

function KindIcon({ kind }: { kind: AlertDestinationKind }) {
  const Icon = ICONS[kind]
  return <Icon aria-hidden strokeWidth={1.75} className="size-4.5 text-muted" />
}

function channelWords(channelIds: string[] | null): string {
  if (channelIds === null) return 'for all channels'
  return channelIds.length === 1 ? 'for one channel' : `for ${channelIds.length} channels`
}
