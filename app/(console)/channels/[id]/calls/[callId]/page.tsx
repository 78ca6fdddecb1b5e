import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import { getCall, type PhoneCall } from '#db/queries/calls'
import { listReports } from '#db/queries/reports'
import { db } from '#lib/database'
import { callStatusWords } from '#lib/delivery/report-words'
import { CopyLine } from '#ui/code-block'
import { KeyValues } from '#ui/key-values'
import { Section } from '#ui/section'
import { TextLink } from '#ui/text-link'
import { ExactTime, Time } from '#ui/time'
import { Timeline } from '#ui/timeline'
import { RefreshWhile } from '../../../../_parts/refresh-while'
import { ChannelHead } from '../../../_parts/channel-head'
import { loadApplicationChannel } from '../../../_parts/load-channel'
import { requireRole } from '../../../_parts/require-role'
import { CallEvent } from './call-event'

export const metadata: Metadata = { title: 'Call' }

const MOST_EVENTS = 200

type Props = { params: Promise<{ id: string; callId: string }> }

export default async function CallPage({ params }: Props) {
  const { role } = await requireRole('viewer')
  const { id, callId } = await params
  const loaded = await loadApplicationChannel(id)
  const { channel, now } = loaded
  const known = z.uuid().safeParse(callId)
  const call = known.success ? await getCall(db(), { channelId: channel.id, id: known.data }) : null
  if (!call) notFound()
  const events = (await listReports(db(), { subjectId: call.id, limit: MOST_EVENTS })).reverse()
  const path = `/channels/${channel.id}/calls`
  const moving = events.some(({ status }) => status === 'pending' || status === 'retrying')
  return (
    <>
      <RefreshWhile active={moving} everyMs={4000} />
      <ChannelHead loaded={loaded} tab="calls" role={role} />
      <p className="mb-4 text-sm">
        <TextLink href={path}>All calls</TextLink>
      </p>
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <Section
          title={`${call.direction === 'inbound' ? 'Call from' : 'Call to'} ${call.partyName ?? call.partyHandle}`}
          description="What happened, as the phone system told it, and whether Front knows."
        >
          {events.length === 0 ? (
            <p className="text-muted">What happened in this call is no longer kept.</p>
          ) : (
            <Timeline label="What happened">
              {events.map((report) => (
                <CallEvent
                  key={report.id}
                  report={report}
                  recordingHref={`${path}/${call.id}/recordings/${report.id}`}
                  now={now}
                  canDecide={role.support}
                />
              ))}
            </Timeline>
          )}
        </Section>
        <Facts call={call} now={now} />
      </div>
    </>
  )
}

function Facts({ call, now }: { call: PhoneCall; now: Date }) {
  const { status, partyHandle, partyName, agentEmail, externalId, parentExternalId, startedAtMs, createdAt } = call
  const began = startedAtMs === null ? createdAt : new Date(startedAtMs)
  return (
    <Section title="Facts">
      <KeyValues
        items={[
          { label: 'Status', value: callStatusWords(status) },
          {
            label: call.direction === 'inbound' ? 'From' : 'To',
            value: partyName ?? partyHandle,
            hint: partyName && <CopyLine text={partyHandle} label="Copy the handle" />,
          },
          { label: 'Teammate', value: agentEmail },
          { label: 'Began', value: <ExactTime at={began} />, hint: <Time at={began} now={now} /> },
          { label: 'Phone system’s id', value: <CopyLine text={externalId} label="Copy the phone system’s id" /> },
          ...(parentExternalId
            ? [
                {
                  label: 'Transferred from',
                  value: <CopyLine text={parentExternalId} label="Copy the id of the first call" />,
                },
              ]
            : []),
        ]}
      />
    </Section>
  )
}
