import type { Database } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { endKey, expireKeys, insertChannelKey, listChannelKeys } from '#db/queries/channel-keys'
import type { KeyPurpose } from '#db/schema/channel-keys'
import { mintKey } from '#lib/channels/keys'
import { AppError } from '#lib/errors'
import { loadChannelForChange } from '#lib/flows/load-channel'
import type { SealingKeys } from '#lib/secrets'

/** How long the old key goes on working beside the new one. */
export const OVERLAPS_H = { now: 0, day: 24, week: 168 } as const
export type Overlap = keyof typeof OVERLAPS_H

type Rotation = {
  channelId: string
  purpose: KeyPurpose
  overlap: Overlap
  actor: string
  keys: SealingKeys
  now: Date
}

/** Makes a new key and lets the old ones of that purpose end after the overlap. The secret is returned this once. */
export async function rotateKey(db: Database, rotation: Rotation): Promise<{ secret: string }> {
  const { channelId, purpose, overlap, actor, keys, now } = rotation
  const expiresAt = new Date(now.getTime() + OVERLAPS_H[overlap] * 3_600_000)
  return db.transaction(async (tx) => {
    await loadChannelForChange(tx, channelId)
    await expireKeys(tx, { channelId, purpose, expiresAt })
    const minted = mintKey({ channelId, purpose, createdBy: actor, keys, now })
    await insertChannelKey(tx, minted.row)
    const details = { purpose, overlap, hint: minted.row.hint }
    await recordAuditEvent(tx, { actor, action: 'channel_key.rotate', channelId, details })
    return { secret: minted.secret }
  })
}

type Ending = { channelId: string; keyId: string; actor: string; now: Date }

/** Ends an old key before its time. The last key of its purpose can only be rotated, so that nobody locks the provider out. */
export async function endOldKey(db: Database, { channelId, keyId, actor, now }: Ending): Promise<void> {
  await db.transaction(async (tx) => {
    await loadChannelForChange(tx, channelId)
    const alive = await listChannelKeys(tx, { channelId, now })
    const doomed = alive.find((key) => key.id === keyId)
    if (!doomed) throw new AppError('not_found', 'That key has ended already.')
    if (!alive.some((key) => key.purpose === doomed.purpose && key.id !== keyId && key.expiresAt === null)) {
      throw new AppError('conflict', 'This is the key in use. Rotate it instead: that makes a new one first.')
    }
    await endKey(tx, { channelId, keyId, now })
    const details = { purpose: doomed.purpose, hint: doomed.hint }
    await recordAuditEvent(tx, { actor, action: 'channel_key.end', channelId, subjectId: keyId, details })
  })
}
