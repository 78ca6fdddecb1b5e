import { FileText, MessageCircle } from 'lucide-react'
import type { SandboxChatLine } from '#db/queries/sandbox-chat'
import { cx } from '#ui/cx'
import { EmptyState } from '#ui/states'
import { TextLink } from '#ui/text-link'
import { Time } from '#ui/time'
import { AgainForm } from './again-form'

type Props = { lines: readonly SandboxChatLine[]; channelKey: string; now: Date }

/** The chat, newest at the bottom and in view. */
export function Lines({ lines, channelKey, now }: Props) {
  if (lines.length === 0) {
    return (
      <div className="flex-1">
        <EmptyState icon={MessageCircle} title="Say hello">
          Somebody in the sandbox’s inbox will see it.
        </EmptyState>
      </div>
    )
  }
  return (
    // Reversed by layout, so that the browser keeps the newest line in view without a script.
    <div className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto px-4 py-4">
      <ol aria-label="Messages" aria-live="polite" className="flex flex-col gap-3">
        {lines.toReversed().map((line) => (
          <Line key={line.id} line={line} channelKey={channelKey} now={now} />
        ))}
      </ol>
    </div>
  )
}

function Line({ line, channelKey, now }: { line: SandboxChatLine; channelKey: string; now: Date }) {
  const { fromVisitor, author, body, attachments, error, createdAt } = line
  return (
    <li className={cx('max-w-[85%]', fromVisitor ? 'ml-auto' : 'mr-auto')}>
      <p className={cx('mb-0.5 text-xs text-muted', fromVisitor && 'text-right')}>
        {fromVisitor ? 'You' : (author ?? 'Support')} · <Time at={createdAt} now={now} focusable={false} />
      </p>
      <div
        className={cx(
          'w-fit rounded-lg border px-3.5 py-2',
          fromVisitor ? 'ml-auto border-hold/30 bg-hold-soft' : 'border-rule bg-panel',
        )}
      >
        {body && <p className="wrap-anywhere whitespace-pre-wrap">{body}</p>}
        {attachments.map((file) => (
          <p key={file.filename + file.url} className="mt-1 flex items-center gap-1.5 text-sm">
            <FileText aria-hidden strokeWidth={1.75} className="size-4 shrink-0 text-muted" />
            {file.url ? (
              <TextLink href={file.url} external className="break-all">
                {file.filename}
              </TextLink>
            ) : (
              <span className="break-all text-muted">{file.filename}</span>
            )}
          </p>
        ))}
      </div>
      {fromVisitor && error && <AgainForm channelKey={channelKey} lineId={line.id} error={error} />}
    </li>
  )
}
