import { randomBytes } from 'node:crypto'
import { newId } from '#db/ids'
import type { NewChannelKey } from '#db/queries/channel-keys'
import type { KeyPurpose } from '#db/schema/channel-keys'
import { generateSigningSecret } from '#lib/provider/signature'
import { hashToken, randomToken, type SealingKeys, seal } from '#lib/secrets'

const HINT_LENGTH = 4
const SIGNING_SECRET_BYTES = 24

export type MintedKey = { row: NewChannelKey; secret: string }

type Mint = { channelId: string; purpose: KeyPurpose; createdBy: string; keys: SealingKeys; now: Date }

/**
 * A new key and the row that stores it. The secret is shown once: of a bearer key only the hash stays, the signing
 * secret (Standard Webhooks, `whsec_...`) is sealed because we sign with it.
 */
export function mintKey({ channelId, purpose, createdBy, keys, now }: Mint): MintedKey {
  const secret = purpose === 'incoming' ? randomToken('pbk_') : generateSigningSecret(randomBytes, SIGNING_SECRET_BYTES)
  const row = {
    id: newId(),
    channelId,
    purpose,
    tokenHash: purpose === 'incoming' ? hashToken(secret) : null,
    secretSealed: purpose === 'signing' ? seal(secret, keys) : null,
    hint: secret.slice(-HINT_LENGTH),
    createdBy,
    createdAt: now,
    expiresAt: null,
  }
  return { row, secret }
}

/** The public name of a channel in its addresses. */
export function mintChannelKey(): string {
  return randomToken('ch_')
}
