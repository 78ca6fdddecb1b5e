import { CircleAlert, FileText, StickyNote } from 'lucide-react'
import { safeHtml } from '#lib/safe-html'
import type { SandboxComment, SandboxMessage } from '#lib/sandbox/front/resources'
import { findTeammate } from '#lib/sandbox/identity'
import { Chip } from '#ui/chip'
import { cx } from '#ui/cx'
import { SubmitButton } from '#ui/submit-button'
import { Time } from '#ui/time'
import { sendAgainAction } from './actions'

const STUCK_MS = 15_000

/** A message as a teammate sees it; one that could not be sent says why. */
export function MessageBubble({ message, now }: { message: SandboxMessage; now: Date }) {
  const { content, isInbound, createdAt, kind } = message
  const { html } = safeHtml(content.body, { showImages: false })
  return (
    <article className={cx('max-w-[46rem]', !isInbound && 'ml-auto flex flex-col items-end')}>
      <p className="mb-1 flex items-baseline gap-2 text-sm">
        <span className="font-medium">{authorOf(message)}</span>
        {kind !== 'message' && <Chip tone="neutral">{KIND_WORDS[kind]}</Chip>}
        <span className="text-xs text-faint">
          <Time at={createdAt} now={now} focusable={false} />
        </span>
      </p>
      <div
        className={cx(
          'w-fit max-w-full rounded-lg border px-3.5 py-2.5',
          isInbound ? 'border-rule bg-sunken' : 'border-hold/30 bg-hold-soft',
        )}
      >
        <div
          className="wrap-anywhere [&_a]:underline [&_p+p]:mt-2 [&_ul]:list-disc [&_ul]:pl-5"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: safeHtml made it safe just above
          dangerouslySetInnerHTML={{ __html: html }}
        />
        {content.attachments.map((file) => (
          <p key={file.id} className="mt-1.5 flex items-center gap-1.5 text-sm text-muted">
            <FileText aria-hidden strokeWidth={1.75} className="size-4 shrink-0" />
            <span className="break-all">{file.filename}</span>
          </p>
        ))}
      </div>
      {!isInbound && <SendState message={message} now={now} />}
    </article>
  )
}

const KIND_WORDS = { message: '', autoreply: 'Auto-reply', synced: 'Sent outside Front' } as const

function authorOf({ content, isInbound, kind }: SandboxMessage): string {
  if (isInbound) return content.sender.name ?? content.sender.handle
  const teammate = findTeammate(content.author)?.firstName
  return teammate ?? (kind === 'synced' ? (content.sender.name ?? content.sender.handle) : 'A rule')
}

function SendState({ message, now }: { message: SandboxMessage; now: Date }) {
  const isStuck = message.sendState === 'sending' && now.getTime() - message.createdAt.getTime() > STUCK_MS
  if (message.sendState === 'sent') return <p className="mt-1 text-xs text-faint">Sent</p>
  if (message.sendState === 'sending' && !isStuck) return <p className="mt-1 text-xs text-faint">Sending…</p>
  const isBounced = message.sendState === 'bounced'
  return (
    <div className="mt-1.5 flex flex-wrap items-center justify-end gap-x-3 gap-y-1.5 text-sm text-bad">
      <p className="flex min-w-0 items-start gap-1.5">
        <CircleAlert aria-hidden strokeWidth={1.75} className="mt-0.5 size-4 shrink-0" />
        <span className="min-w-0 wrap-anywhere">
          {isBounced ? 'Not delivered. ' : 'Failed to send. '}
          {message.sendError ?? (isBounced ? 'The channel gave no reason.' : 'Nothing came back.')}
        </span>
      </p>
      {!isBounced && message.kind === 'message' && <SendAgain id={message.id} />}
    </div>
  )
}

function SendAgain({ id }: { id: string }) {
  return (
    <form action={sendAgainAction}>
      <input type="hidden" name="messageId" value={id} />
      <SubmitButton variant="secondary" size="sm" pendingLabel="Sending…">
        Send again
      </SubmitButton>
    </form>
  )
}

/** An internal comment, such as Patchbay's report of a reply that could not be delivered. */
export function CommentBubble({ comment, now }: { comment: SandboxComment; now: Date }) {
  return (
    <article className="mx-auto flex w-fit max-w-[40rem] gap-2 rounded-lg border border-warn/30 bg-warn-soft px-3.5 py-2.5 text-warn">
      <StickyNote aria-hidden strokeWidth={1.75} className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        <p className="text-xs font-medium">
          Comment by {findTeammate(comment.author)?.firstName ?? 'the API'} ·{' '}
          <Time at={comment.createdAt} now={now} focusable={false} />
        </p>
        <p className="wrap-anywhere whitespace-pre-wrap text-ink">{comment.body}</p>
      </div>
    </article>
  )
}
