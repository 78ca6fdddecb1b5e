import { redirect } from 'next/navigation'
import { findAnySandboxChannel } from '#db/queries/sandbox-channels'
import {
  findSandboxConversation,
  listSandboxComments,
  listSandboxConversations,
} from '#db/queries/sandbox-conversations'
import { listSandboxMessages } from '#db/queries/sandbox-messages'
import { listSandboxPhoneCalls } from '#db/queries/sandbox-phone-calls'
import { listSandboxConversationIds } from '#db/queries/sandbox-threads'
import type { SandboxDeps } from '#lib/sandbox/deps'
import type { SandboxChannel } from '#lib/sandbox/front/resources'
import { SANDBOX_TEAMMATES } from '#lib/sandbox/identity'
import { ErrorState } from '#ui/states'
import { CommentBubble, MessageBubble } from './bubbles'
import { ConversationHead } from './conversation-head'
import { MergeForm } from './merge-form'
import { PhoneCallCard } from './phone-call'
import { ReplyForm } from './reply-form'

const SHOWN = 100

/** One conversation with its reply box. */
export async function ConversationView({ deps, id }: { deps: SandboxDeps; id: string }) {
  const { db, now } = deps
  const conversation = await findSandboxConversation(db, id, now)
  if (!conversation)
    return <ErrorState title="The sandbox has no such conversation">It may not be created yet.</ErrorState>
  if (conversation.mergedInto !== null) redirect(`/sandbox/inbox?c=${conversation.mergedInto}`)
  const [channel, externalIds, entries] = await Promise.all([
    findAnySandboxChannel(db, conversation.channelId),
    listSandboxConversationIds(db, id),
    readEntries(deps, id),
  ])
  return (
    <section aria-label="Conversation" className="rounded-lg border border-rule bg-panel">
      <ConversationHead conversation={conversation} channel={channel} externalIds={externalIds} />
      {channel && <ChannelNote channel={channel} />}
      {/* Reversed by layout, so that the browser keeps the newest message in view without a script. */}
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
        tabIndex={0}
        aria-label="What was said"
        className="flex flex-col-reverse px-4 py-5 -outline-offset-2 md:max-h-[44dvh] md:overflow-y-auto"
      >
        <ol aria-label="Messages" className="flex min-w-0 flex-col gap-4">
          {entries.map(({ key, node }) => (
            <li key={key} className="min-w-0">
              {node}
            </li>
          ))}
        </ol>
      </section>
      <Replying channel={channel} id={id} />
      {channel?.appUid != null && <Merging deps={deps} channelId={channel.id} id={id} />}
    </section>
  )
}

/** Messages, comments and phone calls, oldest first. */
async function readEntries(deps: SandboxDeps, id: string) {
  const { db, now } = deps
  const [messages, comments, calls] = await Promise.all([
    listSandboxMessages(db, { conversationId: id, now, limit: SHOWN }),
    listSandboxComments(db, id),
    listSandboxPhoneCalls(db, id),
  ])
  return [
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
    ...calls.map(({ call, events }) => ({
      at: call.createdAt,
      key: call.id,
      node: <PhoneCallCard call={call} events={events} deps={deps} />,
    })),
  ].sort((a, b) => a.at.getTime() - b.at.getTime())
}

/** What is wrong with the channel, for whoever is about to answer. */
function ChannelNote({ channel }: { channel: SandboxChannel }) {
  if (channel.appUid === null || channel.deletedAt !== null) return null
  if (channel.webhookUrl !== null && channel.status === 'ok') return null
  const state = channel.webhookUrl === null ? 'needs authentication' : 'is offline'
  return (
    <p className="border-b border-bad/30 bg-bad-soft px-4 py-2.5 text-sm wrap-anywhere text-bad">
      <strong className="font-semibold">
        {channel.name} {state}.
      </strong>{' '}
      {channel.statusReason}
    </p>
  )
}

function Replying({ channel, id }: { channel: SandboxChannel | undefined; id: string }) {
  const refusal = whyNoReply(channel)
  if (refusal) return <p className="border-t border-rule px-4 py-4 text-muted">{refusal}</p>
  return (
    <ReplyForm
      key={id}
      conversationId={id}
      hasOutgoingUrl={channel?.webhookUrl != null || channel?.appUid != null}
      teammates={SANDBOX_TEAMMATES.map(({ id: value, firstName }) => ({ value, label: firstName }))}
    />
  )
}

function whyNoReply(channel: SandboxChannel | undefined): string | null {
  if (!channel || channel.deletedAt !== null)
    return 'The channel of this conversation was deleted, so nobody can answer.'
  if (channel.replyMode === 'cannot_reply') {
    return `Replies are switched off for ${channel.name}: its reply mode is “Cannot reply”.`
  }
  return null
}

async function Merging({ deps, channelId, id }: { deps: SandboxDeps; channelId: string; id: string }) {
  const open = await listSandboxConversations(deps.db, { now: deps.now, status: 'unassigned', channelId })
  const others = open.filter((conversation) => conversation.id !== id)
  if (others.length === 0) return null
  const options = others.map(({ id: value, name, handle }) => ({ value, label: `${name ?? handle} (${value})` }))
  return <MergeForm fromId={id} others={options} />
}
