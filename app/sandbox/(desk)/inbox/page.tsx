import { Inbox, PenLine } from 'lucide-react'
import { z } from 'zod'
import { listSandboxChannelNames, listSandboxChannels } from '#db/queries/sandbox-channels'
import { listSandboxConversations } from '#db/queries/sandbox-conversations'
import { requireUser } from '#lib/auth'
import { atLeastRole } from '#lib/roles'
import { ButtonLink } from '#ui/button'
import { cx } from '#ui/cx'
import { NotAllowed } from '#ui/not-allowed'
import { PageHeader } from '#ui/page-header'
import { EmptyState } from '#ui/states'
import { sandboxDeps } from '../../_parts/deps'
import { Refresh } from '../../_parts/refresh'
import { ComposeForm } from './compose-form'
import { ConversationList } from './conversation-list'
import { ConversationView } from './conversation-view'

export const metadata = { title: 'Inbox' }

const search = z.object({
  c: z.string().max(60).optional().catch(undefined),
  box: z.enum(['open', 'archived']).catch('open'),
  compose: z.literal('1').optional().catch(undefined),
})

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function InboxPage({ searchParams }: Props) {
  const deps = await sandboxDeps()
  const { role } = await requireUser('viewer')
  if (!atLeastRole(role, 'support')) return <NotAllowed needs="support" role={role} />
  const { c: openId, box, compose } = search.parse(await searchParams)
  const { db, now } = deps
  const status = box === 'open' ? 'unassigned' : 'archived'
  const [conversations, channels, names] = await Promise.all([
    listSandboxConversations(db, { now, status }),
    listSandboxChannels(db),
    listSandboxChannelNames(db),
  ])
  const channelNames = new Map(names.map(({ id, name, isDeleted }) => [id, isDeleted ? `${name}, deleted` : name]))
  const isReading = openId !== undefined || compose !== undefined
  return (
    <>
      <Refresh everyMs={2000} />
      <div className={cx(isReading && 'max-md:hidden')}>
        <PageHeader
          title="Inbox"
          description="What Mina and Jonas, the sandbox’s two teammates, see in Front."
          actions={
            <ButtonLink href="/sandbox/inbox?compose=1" icon={PenLine}>
              New message
            </ButtonLink>
          }
        />
      </div>
      <div className="grid gap-5 md:grid-cols-[20rem_minmax(0,1fr)] md:items-start">
        <div className={cx('min-w-0', isReading && 'max-md:hidden')}>
          <ConversationList
            conversations={conversations}
            channelNames={channelNames}
            openId={openId}
            box={box}
            now={now}
          />
        </div>
        <div className={cx('min-w-0', !isReading && 'max-md:hidden')}>
          {compose ? (
            <ComposeForm channels={channels.map(({ id, name }) => ({ value: id, label: name }))} />
          ) : openId ? (
            <ConversationView deps={deps} id={openId} />
          ) : (
            <NothingOpen />
          )}
        </div>
      </div>
    </>
  )
}

function NothingOpen() {
  return (
    <div className="rounded-lg border border-dashed border-rule">
      <EmptyState icon={Inbox} title="Choose a conversation">
        Messages appear by themselves, a moment after Front accepted them.
      </EmptyState>
    </div>
  )
}
