import { notFound } from 'next/navigation'
import { z } from 'zod'
import { findAlertDestination } from '#db/queries/alert-destinations'
import { findAlert, type ListedAlert } from '#db/queries/alerts'
import { listAttempts } from '#db/queries/message-details'
import { alertWords } from '#lib/alerts/alert-words'
import { alertEvent } from '#lib/alerts/event'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { atLeastRole } from '#lib/roles'
import { KeyValues } from '#ui/key-values'
import { Section, Stack } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'
import { Timeline } from '#ui/timeline'
import { Attempt } from '../../../../_parts/attempt'
import { RefreshWhile } from '../../../../_parts/refresh-while'
import { ReportOutcome } from '../../../../_parts/report-parts'
import { AlertDecisions } from '../../alert-decisions'
import { AlertChip, alertTitle } from '../../alert-list'

export const metadata = { title: 'Alert' }

export default async function ToldPage({ params }: { params: Promise<{ id: string }> }) {
  const user = await requireUser('viewer')
  const id = z.uuid().safeParse((await params).id)
  const alert = id.success ? await findAlert(db(), id.data) : null
  if (!alert) notFound()
  const [attempts, destination] = await Promise.all([
    listAttempts(db(), alert.id),
    findAlertDestination(db(), alert.destinationId),
  ])
  const now = new Date()
  return (
    <Stack>
      <RefreshWhile active={alert.status === 'pending'} everyMs={1000} />
      <TextLink href={destination ? `/settings/alerts/${destination.id}` : '/settings/alerts'}>
        {destination ? `All alerts to ${destination.name}` : 'All destinations'}
      </TextLink>
      <Section
        id="alert"
        title={<span className="wrap-anywhere">{alertTitle(alert)}</span>}
        actions={<AlertChip status={alert.status} />}
      >
        <div className="flex flex-col gap-4">
          <Facts alert={alert} now={now} />
          <p className="text-sm text-muted wrap-anywhere">
            <ReportOutcome report={alert} now={now} direction="alert" />
          </p>
          {atLeastRole(user.role, 'support') && <AlertDecisions alert={alert} />}
        </div>
      </Section>
      <Section title="Attempts">
        {attempts.length === 0 ? (
          <p className="text-muted">No attempt yet.</p>
        ) : (
          <Timeline label="Attempts, newest first">
            {attempts.map((attempt, index) => (
              <Attempt
                key={attempt.id}
                attempt={attempt}
                direction="alert"
                open={index === 0 && attempt.outcome !== 'delivered'}
                now={now}
              />
            ))}
          </Timeline>
        )}
      </Section>
    </Stack>
  )
}

function Facts({ alert, now }: { alert: ListedAlert; now: Date }) {
  const event = alertEvent.safeParse(alert.payload)
  const words = event.success ? alertWords(event.data) : null
  return (
    <KeyValues
      items={[
        { label: 'Told', value: <Time at={alert.createdAt} now={now} /> },
        ...(words?.facts.filter(({ label }) => label !== 'Channel') ?? []).map(({ label, text }) => ({
          label,
          value: text,
        })),
        ...(words?.note ? [{ label: 'Held back', value: words.note }] : []),
        {
          label: 'Channel',
          value: <TextLink href={`/channels/${alert.channelId}`}>{alert.channelName}</TextLink>,
        },
      ]}
    />
  )
}
