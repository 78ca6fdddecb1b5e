import Link from 'next/link'
import type { listSandboxConversations } from '#db/queries/sandbox-conversations'
import { PHONE_STATUS_WORDS } from '#lib/sandbox/phone-words'
import { cx } from '#ui/cx'
import { EmptyState } from '#ui/states'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'

type Conversation = Awaited<ReturnType<typeof listSandboxConversations>>[number]

type Props = {
  conversations: readonly Conversation[]
  channelNames: Map<string, string>
  openId: string | undefined
  box: 'open' | 'archived'
  now: Date
}

/** The inbox's list, newest first. */
export function ConversationList({ conversations, channelNames, openId, box, now }: Props) {
  return (
    <section aria-label="Conversations" className="overflow-hidden rounded-lg border border-rule bg-panel">
      <div className="flex gap-1 border-b border-rule px-2 py-1.5">
        <BoxLink href="/sandbox/inbox" current={box === 'open'}>
          Open
        </BoxLink>
        <BoxLink href="/sandbox/inbox?box=archived" current={box === 'archived'}>
          Archived
        </BoxLink>
      </div>
      {conversations.length === 0 ? (
        <EmptyState title={box === 'open' ? 'No open conversations' : 'Nothing archived'}>
          {box === 'open' && (
            <>
              Write something in the <TextLink href="/sandbox">visitor’s chat</TextLink>, and it appears here.
            </>
          )}
        </EmptyState>
      ) : (
        <ul className="divide-y divide-rule md:max-h-[70dvh] md:overflow-y-auto">
          {conversations.map((conversation) => (
            <li key={conversation.id}>
              <ConversationLink
                conversation={conversation}
                channelName={channelNames.get(conversation.channelId) ?? conversation.channelId}
                current={conversation.id === openId}
                href={`/sandbox/inbox?${box === 'archived' ? 'box=archived&' : ''}c=${conversation.id}`}
                now={now}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

type LinkProps = { conversation: Conversation; channelName: string; current: boolean; href: string; now: Date }

function ConversationLink({ conversation, channelName, current, href, now }: LinkProps) {
  const { name, handle, newest, lastMessageAt } = conversation
  return (
    <div className={cx('relative px-4 py-3', current ? 'bg-hold-soft' : 'hover:bg-hover')}>
      <div className="flex items-baseline justify-between gap-2">
        <Link
          href={href}
          aria-current={current ? 'true' : undefined}
          className="truncate font-medium after:absolute after:inset-0"
        >
          {name ?? handle}
        </Link>
        <span className="shrink-0 text-xs text-muted">
          <Time at={lastMessageAt} now={now} focusable={false} />
        </span>
      </div>
      <Newest newest={newest} />
      <p className="truncate text-xs text-faint">{channelName}</p>
    </div>
  )
}

function Newest({ newest }: Pick<Conversation, 'newest'>) {
  if (newest?.kind === 'call') {
    return <p className="truncate text-sm text-muted">Phone call: {PHONE_STATUS_WORDS[newest.status].toLowerCase()}</p>
  }
  return (
    <p className={cx('truncate text-sm', newest?.failed ? 'text-bad' : 'text-muted')}>
      {newest?.failed ? 'Not delivered: ' : newest?.isInbound === false ? 'You: ' : ''}
      {newest?.text || 'A file'}
    </p>
  )
}

function BoxLink({ href, current, children }: { href: string; current: boolean; children: string }) {
  return (
    <Link
      href={href}
      aria-current={current ? 'page' : undefined}
      className={cx(
        'rounded-md px-2.5 py-1 text-sm',
        current ? 'bg-sunken font-medium text-ink' : 'text-muted hover:text-ink',
      )}
    >
      {children}
    </Link>
  )
}
