import { pipeline, Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { Db } from '#db/client'
import { timeOfId } from '#db/ids'
import { listRecoveryItems } from '#db/queries/recoveries'
import { ITEM_LABELS } from '#lib/recovery/words'

const PAGE = 1000

const COLUMNS = ['message', 'received', 'channel', 'direction', 'customer', 'handle', 'result', 'note']

/**
 * All messages of a recovery with what became of them, oldest first, as CSV in UTF-8. Read page by page while it is
 * taken. What a spreadsheet would take for a formula is marked as text, since strangers wrote some of it.
 */
export function resultCsv(db: Db, recoveryId: string): ReadableStream<Uint8Array> {
  const csv = stringify({
    header: true,
    columns: COLUMNS,
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  })
  // What goes wrong on either side ends the other; whoever takes the file sees it break off.
  pipeline(Readable.from(eachRow(db, recoveryId)), csv, () => {})
  return Readable.toWeb(csv) as ReadableStream<Uint8Array> // bytes: no encoding is set
}

async function* eachRow(db: Db, recoveryId: string): AsyncGenerator<string[]> {
  for (let after: string | null = null; ; ) {
    const items: Awaited<ReturnType<typeof listRecoveryItems>> = await listRecoveryItems(db, {
      recoveryId,
      after,
      limit: PAGE,
    })
    for (const item of items) {
      yield [
        item.deliveryId,
        timeOfId(item.deliveryId).toISOString(),
        item.channelName,
        item.direction === 'inbound' ? 'to Front' : 'to provider',
        item.contactName ?? '',
        item.contactHandle ?? '',
        ITEM_LABELS[item.state],
        item.note ?? '',
      ]
    }
    if (items.length < PAGE) return
    after = items.at(-1)?.deliveryId ?? null
  }
}
