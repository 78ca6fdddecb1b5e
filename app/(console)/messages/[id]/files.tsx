import { Paperclip } from 'lucide-react'
import type { MessageDetails } from '#db/queries/message-details'
import { formatBytes } from '#lib/format'
import { Section } from '#ui/section'

/** The message's files, to save. They are not opened in the page: they came from strangers. */
export function Files({ message: { id, attachments } }: { message: MessageDetails['message'] }) {
  return (
    <Section title={attachments.length === 1 ? 'One file' : `${attachments.length} files`} flush>
      <ul aria-label="Files" className="divide-y divide-rule">
        {attachments.map((file, index) => (
          <li
            key={`${file.fileId ?? file.frontId ?? ''} ${file.filename}`}
            className="flex items-center gap-3 px-4 py-2.5 sm:px-5"
          >
            <Paperclip aria-hidden className="size-4 shrink-0 text-faint" />
            <a
              href={`/messages/${id}/files/${index}`}
              download={file.filename}
              className="min-w-0 flex-1 font-medium text-ink underline-offset-3 wrap-anywhere hover:underline"
            >
              {file.filename}
            </a>
            <span className="shrink-0 text-sm text-muted">
              {file.contentType} · {formatBytes(file.size)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
