import { CircleSlash, CircleX } from 'lucide-react'
import { listRecoveryItems, type Recovery, type RecoveryItem } from '#db/queries/recoveries'
import { db } from '#lib/database'
import { ITEM_LABELS } from '#lib/recovery/words'
import { ButtonLink } from '#ui/button'
import { Chip } from '#ui/chip'
import { Section } from '#ui/section'
import { type Column, RowLink, Table } from '#ui/table'
import { TextLink } from '#ui/text-link'

const PAGE_SIZE = 50

/** What did not arrive: failed again, or was left alone, and why. */
export async function LeftItems({ recovery, after }: { recovery: Recovery; after: string | null }) {
  const page = { recoveryId: recovery.id, after, limit: PAGE_SIZE + 1, states: ['failed', 'skipped'] as const }
  const rows = await listRecoveryItems(db(), { ...page, states: [...page.states] })
  if (rows.length === 0 && !after) return null
  const shown = rows.slice(0, PAGE_SIZE)
  const last = shown.at(-1)
  const path = `/recoveries/${recovery.id}`
  return (
    <Section
      id="left"
      title="What did not arrive"
      description="Oldest first. The download has all messages, these and those that were delivered."
      flush
    >
      <Table
        caption="What did not arrive"
        columns={COLUMNS}
        rows={shown}
        rowKey={({ deliveryId, state }) => `${deliveryId} ${state}`}
      />
      {(after || rows.length > PAGE_SIZE) && (
        <div className="flex items-center justify-between gap-3 border-t border-rule px-4 py-3 sm:px-5">
          {after ? <TextLink href={path}>Back to the first</TextLink> : <span />}
          {rows.length > PAGE_SIZE && last && (
            <ButtonLink size="sm" href={`${path}?after=${last.deliveryId}`}>
              More
            </ButtonLink>
          )}
        </div>
      )}
    </Section>
  )
}

const COLUMNS: Column<RecoveryItem>[] = [
  {
    id: 'message',
    header: 'Message',
    phone: 'title',
    cell: (item) => (
      <>
        <RowLink href={`/messages/${item.deliveryId}`}>{item.contactName ?? item.contactHandle ?? 'A message'}</RowLink>
        {item.note && <p className="text-sm text-muted">{item.note}</p>}
      </>
    ),
  },
  {
    id: 'channel',
    header: 'Channel',
    phone: 'plain',
    cell: (item) => (
      <span className="block max-w-44 truncate text-sm text-muted" title={item.channelName}>
        {item.channelName}
      </span>
    ),
  },
  {
    id: 'result',
    header: 'Result',
    phone: 'plain',
    cell: ({ state }) => (
      <Chip tone={state === 'failed' ? 'bad' : 'neutral'} icon={state === 'failed' ? CircleX : CircleSlash}>
        {ITEM_LABELS[state]}
      </Chip>
    ),
  },
]
