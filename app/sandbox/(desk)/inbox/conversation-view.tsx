import { ArrowLeft } from 'lucide-react'
import { findSandboxChannel } from '#db/queries/sandbox-channels'
import { findSandboxConversation, listSandboxComments } from '#db/queries/sandbox-conversations'
import { listSandboxMessages } from '#db/queries/sandbox-messages'
import type { SandboxDeps } from '#lib/sandbox/deps'
import type { SandboxConversation } from '#lib/sandbox/front/resources'
import { SANDBOX_TEAMMATES } from '#lib/sandbox/identity'
import { isComposed } from '#lib/sandbox/teammate'
import { ButtonLink } from '#ui/button'
import { ErrorState } from '#ui/states'
import { SubmitButton } from '#ui/submit-button'
import { setStatusAction } from './actions'
import { CommentBubble, MessageBubble } from './bubbles'
import { ReplyForm } from './reply-form'

const SHOWN = 100

/** One conversation with its reply box. */
export async function ConversationView({ deps, id }: { deps: SandboxDeps; id: string }) {
  const { db, now } = deps
  const conversation = await findSandboxConversation(db, id, now)
  if (!conversation)
    return <ErrorState title="The sandbox has no such conversation">It may not be created yet.</ErrorState>
  const [channel, messages, comments] = await Promise.all([
    findSandboxChannel(db, conversation.channelId),
    listSandboxMessages(db, { conversationId: id, now, limit: SHOWN }),
    listSandboxComments(db, id),
  ])
  const entries = [
    ...messages.map((message) => ({
      at: message.visibleAt,
      key: message.id,
      node: <MessageBubble message={message} now={now} />,
    })),
    ...comments.map((comment) => ({
      at: comment.createdAt,
      key: comment.id,
      node: <CommentBubble comment={comment} now={now} />,
    })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime())
  return (
    <section aria-label="Conversation" className="rounded-lg border border-rule bg-panel">
      <Head conversation={conversation} />
      {/* Reversed by layout, so that the browser keeps the newest message in view without a script. */}
      <div className="flex flex-col-reverse px-4 py-5 md:max-h-[44dvh] md:overflow-y-auto">
        <ol aria-label="Messages" className="flex flex-col gap-4">
          {entries.map(({ key, node }) => (
            <li key={key}>{node}</li>
          ))}
        </ol>
      </div>
      {channel?.replyMode === 'cannot_reply' ? (
        <p className="border-t border-rule px-4 py-4 text-muted">
          Replies are switched off for {channel.name}: its reply mode is “Cannot reply”.
        </p>
      ) : (
        <ReplyForm
          key={id}
          conversationId={id}
          hasOutgoingUrl={Boolean(channel?.webhookUrl)}
          teammates={SANDBOX_TEAMMATES.map(({ id: value, firstName }) => ({ value, label: firstName }))}
        />
      )}
    </section>
  )
}

function Head({ conversation }: { conversation: SandboxConversation }) {
  const { id, name, handle, threadRef, status } = conversation
  return (
    <header className="flex flex-wrap items-center justify-between gap-2 border-b border-rule px-4 py-3">
      <div className="min-w-0">
        <ButtonLink href="/sandbox/inbox" variant="quiet" size="sm" icon={ArrowLeft} className="-ml-2.5 md:hidden">
          Inbox
        </ButtonLink>
        <h2 className="truncate font-semibold">{name ?? handle}</h2>
        <p className="font-mono text-xs break-all text-muted">
          {id} · {threadWords(threadRef)}
        </p>
      </div>
      <StatusForm id={id} status={status} />
    </header>
  )
}

function threadWords(threadRef: string | null): string {
  if (threadRef === null) return 'threaded by sender'
  return isComposed(threadRef) ? 'begun by a teammate' : `thread_ref ${threadRef}`
}

function StatusForm({ id, status }: { id: string; status: 'unassigned' | 'archived' }) {
  const isOpen = status === 'unassigned'
  return (
    <form action={setStatusAction}>
      <input type="hidden" name="conversationId" value={id} />
      <input type="hidden" name="status" value={isOpen ? 'archived' : 'unassigned'} />
      <SubmitButton variant="secondary" size="sm">
        {isOpen ? 'Archive' : 'Open again'}
      </SubmitButton>
    </form>
  )
}
