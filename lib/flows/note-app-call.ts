import type { Database } from '#db/client'
import type { AppDoor } from '#db/queries/app-doors'
import { noteAppSeen } from '#db/queries/apps'
import { noteConnectionUse } from '#db/queries/connections'
import { noteSignatureVariant } from '#db/queries/intake'
import type { CredentialVariant } from '#db/schema/connections'

const SEEN_EVERY_MS = 60_000

type Noted = {
  door: AppDoor
  signatureVariant: string
  credentialVariant: CredentialVariant | null
  now: Date
}

/**
 * Notes that Front called, and how: at most once a minute, or at once when it signs or shows its credential in another
 * way than before. Front documents both only in part, so pages show what was seen.
 */
export async function noteAppCall(db: Database, noted: Noted): Promise<void> {
  const { door, signatureVariant, credentialVariant, now } = noted
  const { channel, connection } = door
  if (door.signatureVariant !== signatureVariant || isLongAgo(door.lastSeenMs, now)) {
    await noteAppSeen(db, { appId: door.id, signatureVariant, now })
  }
  if (channel && channel.signatureVariant !== signatureVariant) {
    await noteSignatureVariant(db, { channelId: channel.id, variant: signatureVariant })
  }
  if (!connection || connection.ended !== null) return
  if (connection.credentialVariant !== credentialVariant || isLongAgo(connection.lastUsedMs, now)) {
    await noteConnectionUse(db, { connectionId: connection.id, variant: credentialVariant, now })
  }
}

function isLongAgo(seenMs: number | null, now: Date): boolean {
  return seenMs === null || now.getTime() - seenMs > SEEN_EVERY_MS
}
