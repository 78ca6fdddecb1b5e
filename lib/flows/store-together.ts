import type { Database } from '#db/client'
import {
  type StoredMessage,
  type StoreMessage,
  storeMessage,
  storeWritten,
  type WrittenMessage,
  writeOut,
} from '#db/queries/store-message'
import { createGrouping } from '#lib/grouping'
import { describeError, isUndone } from '#lib/http/failures'
import { log } from '#lib/log'

/** Measured: three cost together what two cost apart, and beyond 64 nothing is won. Weights are bytes. */
const LIMITS = { fewest: 3, most: 64, mostWeight: 1_000_000, patienceMs: 50, mostAtOnce: 4 }

type Waiting = { input: StoreMessage; written: WrittenMessage }

const groupings = new WeakMap<Database, (one: Waiting) => Promise<StoredMessage>>()

/**
 * Stores a message as `storeMessage` does, in one commit with others that come to this process at the same moment. It
 * resolves after that commit. Not for messages that Front posted.
 */
export function storeTogether(db: Database, input: StoreMessage): Promise<StoredMessage> {
  let store = groupings.get(db)
  if (!store) {
    store = groupFor(db)
    groupings.set(db, store)
  }
  return store({ input, written: writeOut(input) })
}

function groupFor(db: Database) {
  return createGrouping<Waiting, StoredMessage>({
    together: async (group) => {
      const all = group.map(({ written }) => written)
      return storeWritten(db, all).catch((error) => {
        log('warn', 'intake.group_failed', { messages: all.length, ...describeError(error) })
        throw error
      })
    },
    alone: ({ input }) => storeMessage(db, input),
    isUndone,
    weigh: ({ written }) => written.bytes,
    limits: LIMITS,
  })
}
