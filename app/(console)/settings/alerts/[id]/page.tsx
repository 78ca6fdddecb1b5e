import { notFound } from 'next/navigation'
import { z } from 'zod'
import { type AlertDestination, findAlertDestination } from '#db/queries/alert-destinations'
import { listAlerts } from '#db/queries/alerts'
import { isTestAlert } from '#lib/alerts/event'
import { ALERT_KIND_WORDS, DESTINATION_KINDS } from '#lib/alerts/setting-words'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { missingForMail } from '#lib/mail/outbound-mail'
import { atLeastRole } from '#lib/roles'
import { Callout } from '#ui/callout'
import { Chip } from '#ui/chip'
import { KeyValues } from '#ui/key-values'
import { Section, Stack } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'
import { RefreshWhile } from '../../../_parts/refresh-while'
import { AlertForm } from '../alert-form'
import { AlertList } from '../alert-list'
import { formChoices } from '../form-choices'
import { NoMailServer } from '../no-mail-server'
import { DestinationButtons } from './destination-buttons'
import { LastTest } from './last-test'
import { RotateSecret } from './rotate-secret'
import { SendTest } from './send-test'

export const metadata = { title: 'Destination of alerts' }

export default async function DestinationPage({ params }: { params: Promise<{ id: string }> }) {
  const user = await requireUser('viewer')
  const id = z.uuid().safeParse((await params).id)
  const destination = id.success ? await findAlertDestination(db(), id.data) : null
  if (!destination) notFound()
  const alerts = await listAlerts(db(), { destinationIds: [destination.id] })
  const mayEdit = atLeastRole(user.role, 'admin')
  const now = new Date()
  const lastTest = alerts.find(({ payload }) => isTestAlert(payload))
  return (
    <Stack>
      <RefreshWhile active={lastTest?.status === 'pending'} everyMs={1000} />
      <TextLink href="/settings/alerts">All destinations</TextLink>
      {!mayEdit && <Callout>Only admins and owners can change what is here.</Callout>}
      <Facts destination={destination} mayEdit={mayEdit} now={now} />
      <Section id="test" title="Test" description="A test alert goes out at once, quiet time or not.">
        <div className="flex flex-col gap-3">
          {mayEdit && <SendTest id={destination.id} />}
          <LastTest alert={lastTest} now={now} />
        </div>
      </Section>
      {mayEdit && (
        <Section id="settings" title="Settings">
          <Settings destination={destination} />
        </Section>
      )}
      {mayEdit && destination.kind === 'webhook' && (
        <Section
          id="secret"
          title="Signing secret"
          description="Signs every event by Standard Webhooks. During a rotation an event carries the signatures of both."
        >
          <RotateSecret id={destination.id} />
        </Section>
      )}
      {alerts.length > 0 && (
        <Section id="recent" title="Recent alerts" flush>
          <AlertList alerts={alerts} now={now} canDecide={atLeastRole(user.role, 'support')} />
        </Section>
      )}
    </Stack>
  )
}

type FactsProps = { destination: AlertDestination; mayEdit: boolean; now: Date }

function Facts({ destination, mayEdit, now }: FactsProps) {
  const { id, name, kind, shown, enabled, createdAt, createdBy, alerts, channelIds } = destination
  const { quietFrom, quietTo, quietZone } = destination
  const missing = kind === 'email' ? missingForMail() : []
  return (
    <Section
      id="destination"
      title={<span className="wrap-anywhere">{name}</span>}
      actions={mayEdit && <DestinationButtons id={id} name={name} isOn={enabled} />}
    >
      {missing.length > 0 && (
        <div className="mb-4">
          <NoMailServer missing={missing} />
        </div>
      )}
      <KeyValues
        items={[
          { label: DESTINATION_KINDS[kind].title, value: shown },
          { label: 'Tells of', value: alerts.map((one) => ALERT_KIND_WORDS[one].short).join(', ') },
          { label: 'Channels', value: channelIds === null ? 'All' : `${channelIds.length} chosen` },
          { label: 'Quiet time', value: quietFrom ? `${quietFrom} to ${quietTo}, ${quietZone}` : 'None' },
          { label: 'State', value: enabled ? <Chip tone="ok">On</Chip> : <Chip tone="bad">Switched off</Chip> },
          {
            label: 'Added',
            value: (
              <>
                <Time at={createdAt} now={now} /> by {createdBy}
              </>
            ),
          },
        ]}
      />
    </Section>
  )
}

/** Plain fields only: what is sealed stays on the server. */
async function Settings({ destination }: { destination: AlertDestination }) {
  const {
    settingsSealed: _sealed,
    createdAt: _made,
    updatedAt: _changed,
    createdBy: _by,
    enabled: _on,
    ...edited
  } = destination
  return <AlertForm destination={edited} {...(await formChoices())} />
}
