import type { TemplateStatus } from '#db/schema/message-templates'
import type { Tone } from '#ui/chip'

/** Where the outside service stands with a template. */
export const APPROVALS: Record<TemplateStatus, { label: string; tone: Tone }> = {
  APPROVED: { label: 'Approved', tone: 'ok' },
  PENDING: { label: 'Waits for approval', tone: 'warn' },
  REJECTED: { label: 'Rejected', tone: 'bad' },
}
