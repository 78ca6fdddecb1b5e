import { findSandboxConversation } from '#db/queries/sandbox-conversations'
import { mergeSandboxConversations } from '#db/queries/sandbox-threads'
import { AppError } from '#lib/errors'
import type { SandboxDeps } from '#lib/sandbox/deps'

/**
 * A teammate makes one of two conversations of a channel: `intoId` has the external ids of both from then on (T25).
 * @throws AppError `not_found` or `conflict` when they cannot be merged
 */
export async function mergeAsTeammate(
  { db, now }: SandboxDeps,
  { fromId, intoId }: { fromId: string; intoId: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const [from, into] = [
      await findSandboxConversation(tx, fromId, now),
      await findSandboxConversation(tx, intoId, now),
    ]
    if (!from || !into) throw new AppError('not_found', 'The sandbox has no such conversation.')
    if (from.id === into.id || from.mergedInto || into.mergedInto || from.channelId !== into.channelId) {
      throw new AppError('conflict', 'Only two conversations of one channel can be merged.')
    }
    await mergeSandboxConversations(tx, { fromId, intoId })
  })
}
