import { Bot, Reply } from 'lucide-react'
import type { MessageKind } from '#db/schema/messages'
import { Chip } from '#ui/chip'

/** Says of a message that it is not an ordinary one; nothing of those that are. */
export function KindBadge({ kind }: { kind: MessageKind }) {
  if (kind === 'autoreply') {
    return (
      <Chip tone="accent" icon={Bot}>
        Auto-reply
      </Chip>
    )
  }
  if (kind === 'sent_elsewhere') {
    return (
      <Chip tone="accent" icon={Reply}>
        Sent outside Front
      </Chip>
    )
  }
  return null
}
