import { eq } from 'drizzle-orm'
import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { attempts } from '#db/schema/attempts'
import { channelKeys } from '#db/schema/channel-keys'
import { deliveries } from '#db/schema/deliveries'
import { messages } from '#db/schema/messages'
import type { DeliveryDeps } from '#lib/delivery/deps'
import { drain } from '#lib/delivery/drain'
import { verifyChannelToken } from '#lib/front/channel-token'
import type { HttpRequest } from '#lib/http/send'
import { generateSigningSecret } from '#lib/provider/signature'
import { type SealingKeys, seal } from '#lib/secrets'
import { APP_SECRET } from '#tests/support/applications'
import type { Channel } from '#tests/support/factories'

/** The engine against a scripted world, without a worker: a test says when it drains, and reads what was written down. */
export function delivering(db: Database, keys: SealingKeys) {
  const depsWith = (transport: DeliveryDeps['transport']): DeliveryDeps => ({
    db,
    keys,
    publicUrl: 'https://patchbay.example',
    transport,
    mail: null,
    now: () => new Date(),
    random: () => 0.5,
  })
  return {
    depsWith,
    drainOnce: (transport: DeliveryDeps['transport']) =>
      drain(depsWith(transport), { deadline: new Date(Date.now() + 60_000) }),
    /** Gives a channel what it signs with toward its provider. */
    async withSigningSecret(made: Promise<Channel>): Promise<Channel> {
      const channel = await made
      const secretSealed = seal(generateSigningSecret(), keys)
      const row = { id: newId(), channelId: channel.id, purpose: 'signing' as const, secretSealed, hint: 'abcd' }
      await db.insert(channelKeys).values(row)
      return channel
    },
    async read(id: string) {
      const [delivery] = await db.select().from(deliveries).where(eq(deliveries.id, id))
      const [message] = await db.select().from(messages).where(eq(messages.id, id))
      const tries = await db.select().from(attempts).where(eq(attempts.deliveryId, id)).orderBy(attempts.id)
      if (!delivery) throw new Error('There is no such delivery.')
      return { delivery, message, tries }
    },
  }
}

export const isFronts = (request: HttpRequest): boolean => request.url.startsWith('https://front.example/')

export const jsonOf = (request: HttpRequest | undefined) => JSON.parse(String(request?.body))

/** What the channel token of a call to Front says, or why Front would refuse it. */
export async function claimsOf(request: HttpRequest | undefined) {
  const token = request?.headers.authorization?.replace('Bearer ', '') ?? ''
  const verdict = await verifyChannelToken(token, { secretOf: () => APP_SECRET, now: new Date() })
  return verdict.ok ? verdict.claims : verdict
}
