import { ArrowUpRight } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { z } from 'zod'
import {
  getConversation,
  listConversationAliases,
  listConversationMessages,
  listFrontConversations,
  listWaitingLanes,
} from '#db/queries/conversation-page'
import { requireUser } from '#lib/auth'
import { db } from '#lib/database'
import { firstValues } from '#lib/log-filters'
import { openInFrontUrl } from '#lib/open-in-front'
import { ButtonLink } from '#ui/button'
import { Chip } from '#ui/chip'
import { PageHeader } from '#ui/page-header'
import { Section, Stack } from '#ui/section'
import { EmptyState } from '#ui/states'
import { TextLink } from '#ui/text-link'
import { RefreshWhile } from '../../_parts/refresh-while'
import { ConversationFacts } from './conversation-facts'
import { Lane } from './lane'
import { Talk } from './talk'

export const metadata: Metadata = { title: 'Conversation' }

const PAGE_SIZE = 40
const place = z.object({ before: z.uuid().optional().catch(undefined) })

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function ConversationPage({ params, searchParams }: Props) {
  await requireUser('viewer')
  const id = z.uuid().safeParse((await params).id)
  const conversation = id.success ? await getConversation(db(), id.data) : null
  if (!conversation) notFound()
  const { before } = place.parse(firstValues(await searchParams))
  const [page, lanes, fronts, aliases] = await Promise.all([
    listConversationMessages(db(), { conversationId: conversation.id, before, limit: PAGE_SIZE }),
    listWaitingLanes(db(), conversation.id),
    listFrontConversations(db(), conversation.id),
    listConversationAliases(db(), conversation.id),
  ])
  const now = new Date()
  const path = `/conversations/${conversation.id}`
  const frontUrl = openInFrontUrl(conversation)
  const earliest = page.rows[0]
  const moving = lanes.some((lane) => lane.dueAt !== null && lane.heldSince === null)
  return (
    <>
      <RefreshWhile active={moving && !before} everyMs={3000} />
      <PageHeader
        breadcrumb={[{ href: '/messages', label: 'Messages' }]}
        title={conversation.contactName ?? conversation.contactHandle}
        badges={conversation.isTest && <Chip>Test</Chip>}
        description={
          <>
            Conversation on <TextLink href={`/channels/${conversation.channelId}`}>{conversation.channelName}</TextLink>
          </>
        }
        actions={
          frontUrl && (
            <ButtonLink variant="quiet" icon={ArrowUpRight} href={frontUrl} external>
              Open in Front
            </ButtonLink>
          )
        }
      />
      <div className="grid items-start gap-5 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <Stack>
          {lanes.map((lane) => (
            <Lane key={lane.direction} lane={lane} now={now} />
          ))}
          <Section
            title="Messages"
            description="Oldest first. A loose cord and an outline mark what has not reached the other side."
          >
            {page.rows.length === 0 ? (
              <EmptyState title={before ? 'Nothing earlier' : 'No messages in here'}>
                {before
                  ? 'This is where the conversation begins.'
                  : 'Its messages may have been removed with an old part of the log.'}
              </EmptyState>
            ) : (
              <Talk
                rows={page.rows}
                now={now}
                earlierHref={page.hasEarlier && earliest ? `${path}?before=${earliest.id}` : null}
                newestHref={before ? path : null}
              />
            )}
          </Section>
        </Stack>
        <ConversationFacts conversation={conversation} fronts={fronts} aliases={aliases} now={now} />
      </div>
    </>
  )
}
