import type { DeliveryStatus } from '#db/schema/deliveries'
import type { FrontState } from '#db/schema/messages'
import { shownStatus } from '#lib/delivery/status-words'
import { StatusChip } from '#ui/status-chip'

type Row = { status: DeliveryStatus; frontState: FrontState; heldSince: Date | null }

/** The state of a message in one chip. */
export function MessageStatus({ row }: { row: Row }) {
  return (
    <StatusChip
      status={shownStatus({ status: row.status, frontState: row.frontState, held: row.heldSince !== null })}
    />
  )
}
