import { ArrowUpRight } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import {
  getConfirmation,
  getMessageDetails,
  getQueuePlace,
  listAttempts,
  listAuditEventsOf,
} from '#db/queries/message-details'
import { type ListedReport, listReports } from '#db/queries/reports'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { openInFrontUrl } from '#lib/open-in-front'
import { atLeastRole } from '#lib/roles'
import { ButtonLink } from '#ui/button'
import { Chip } from '#ui/chip'
import { CodeBlock } from '#ui/code-block'
import { PageHeader } from '#ui/page-header'
import { Section, Stack } from '#ui/section'
import { Tabs } from '#ui/tabs'
import { KindBadge } from '../../_parts/kind-badge'
import { RefreshWhile } from '../../_parts/refresh-while'
import { Attempts } from './attempts'
import { AuditTrail } from './audit-trail'
import { Body } from './body'
import { Decisions } from './decisions'
import { Facts } from './facts'
import { Files } from './files'
import { Later } from './later'
import { State } from './state'
import { ToldToFront } from './told-to-front'

export const metadata: Metadata = { title: 'Message' }

const FAR_OFF_MS = 60_000
const views = z.object({
  view: z.enum(['message', 'raw']).catch('message'),
  images: z.literal('show').optional().catch(undefined),
})

function isOnItsWay({ status }: ListedReport): boolean {
  return status === 'pending' || status === 'retrying'
}

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function MessagePage({ params, searchParams }: Props) {
  const user = await requireUser('viewer')
  const id = z.uuid().safeParse((await params).id)
  const details = id.success ? await getMessageDetails(db(), id.data) : null
  if (!details) notFound()
  const { view, images } = views.parse(await searchParams)
  const { message, delivery, target, company, conversation } = details
  const [attempts, place, confirmation, audit, reports] = await Promise.all([
    listAttempts(db(), message.id),
    getQueuePlace(db(), message.id),
    getConfirmation(db(), message.id),
    listAuditEventsOf(db(), message.id),
    listReports(db(), { subjectId: message.id }),
  ])
  const now = new Date()
  const waits = (delivery.status === 'pending' || delivery.status === 'retrying') && !target?.heldSince
  const soon = !delivery.nextAttemptAt || delivery.nextAttemptAt.getTime() - now.getTime() < FAR_OFF_MS
  const frontUrl = openInFrontUrl({
    isSandbox: company.isSandbox,
    frontMessageId: message.frontMessageId,
    frontConversationId: message.frontConversationId ?? conversation.frontConversationId,
  })
  const path = `/messages/${message.id}`
  return (
    <>
      <RefreshWhile
        active={waits || confirmation !== null || reports.some(isOnItsWay)}
        everyMs={soon ? 2000 : 15_000}
      />
      <PageHeader
        breadcrumb={[
          { href: '/messages', label: 'Messages' },
          { href: `/conversations/${conversation.id}`, label: 'Conversation' },
        ]}
        title={
          message.direction === 'inbound' && message.kind !== 'sent_elsewhere'
            ? `From ${message.contactName ?? message.contactHandle}`
            : `To ${message.contactName ?? message.contactHandle}`
        }
        badges={
          <>
            <KindBadge kind={message.kind} />
            {message.isTest && <Chip>Test</Chip>}
          </>
        }
        actions={
          <>
            {frontUrl && (
              <ButtonLink variant="quiet" icon={ArrowUpRight} href={frontUrl} external>
                Open in Front
              </ButtonLink>
            )}
            {atLeastRole(user.role, 'support') && (
              <Decisions details={details} attempts={attempts} place={place} now={now} />
            )}
          </>
        }
      />
      <Tabs
        label="Views of this message"
        tabs={[
          { href: path, label: 'Message', current: view === 'message' },
          { href: `${path}?view=raw`, label: 'Raw JSON', current: view === 'raw' },
        ]}
      />
      {view === 'raw' ? (
        <Section
          title="As it arrived"
          description={`What ${message.direction === 'inbound' ? 'the provider' : 'Front'} sent, parsed and unchanged.`}
        >
          <CodeBlock label="Raw JSON" code={JSON.stringify(message.raw, null, 2)} wrap />
        </Section>
      ) : (
        <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_22rem]">
          <Stack>
            <Later details={details} reports={reports} audit={audit} now={now} />
            <State details={details} place={place} confirmation={confirmation} now={now} />
            <Body message={message} showImages={images === 'show'} imagesHref={`${path}?images=show`} />
            {message.attachments.length > 0 && <Files message={message} />}
            <ToldToFront reports={reports} now={now} canDecide={atLeastRole(user.role, 'support')} />
            <Attempts attempts={attempts} details={details} now={now} />
          </Stack>
          <Stack>
            <Facts details={details} now={now} />
            <AuditTrail events={audit} now={now} />
          </Stack>
        </div>
      )}
    </>
  )
}
