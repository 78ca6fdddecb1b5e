import { ArrowLeft } from 'lucide-react'
import type { SandboxChannel, SandboxConversation } from '#lib/sandbox/front/resources'
import { isComposed } from '#lib/sandbox/teammate'
import { ButtonLink } from '#ui/button'
import { SubmitButton } from '#ui/submit-button'
import { setStatusAction, switchAutoReplyAction } from './actions'

type Props = {
  conversation: SandboxConversation
  channel: SandboxChannel | undefined
  /** The app's own ids of it; none on a custom channel. */
  externalIds: readonly string[]
}

/** Whose conversation it is, what threads it, and what a teammate can do with all of it. */
export function ConversationHead({ conversation, channel, externalIds }: Props) {
  const { id, name, handle, status } = conversation
  const isOfApp = channel?.appUid != null
  return (
    <header className="flex flex-wrap items-center justify-between gap-2 border-b border-rule px-4 py-3">
      <div className="min-w-0">
        <ButtonLink href="/sandbox/inbox" variant="quiet" size="sm" icon={ArrowLeft} className="-ml-2.5 md:hidden">
          Inbox
        </ButtonLink>
        <h2 className="truncate font-semibold">{name ?? handle}</h2>
        <p className="font-mono text-xs break-all text-muted">
          {id} · {isOfApp ? idWords(externalIds) : threadWords(conversation.threadRef)}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {isOfApp && channel.deletedAt === null && <AutoReplySwitch channel={channel} />}
        <StatusForm id={id} status={status} />
      </div>
    </header>
  )
}

function threadWords(threadRef: string | null): string {
  if (threadRef === null) return 'threaded by sender'
  return isComposed(threadRef) ? 'begun by a teammate' : `thread_ref ${threadRef}`
}

function idWords(externalIds: readonly string[]): string {
  if (externalIds.length === 0) return 'no external id'
  return `external id${externalIds.length === 1 ? '' : 's'} ${externalIds.join(', ')}`
}

function AutoReplySwitch({ channel }: { channel: SandboxChannel }) {
  const isOn = channel.autoReplies > 0
  return (
    <form action={switchAutoReplyAction}>
      <input type="hidden" name="channelId" value={channel.id} />
      <input type="hidden" name="to" value={isOn ? 'off' : 'on'} />
      <SubmitButton variant="secondary" size="sm">
        {isOn ? 'Switch auto-reply off' : 'Switch auto-reply on'}
      </SubmitButton>
    </form>
  )
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
