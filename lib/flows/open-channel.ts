import type { Transaction } from '#db/client'
import { newId } from '#db/ids'
import { recordAuditEvent } from '#db/queries/audit-events'
import { insertChannelKey } from '#db/queries/channel-keys'
import { type Channel, insertChannel, type NewChannel } from '#db/queries/channels'
import { insertTargets } from '#db/queries/targets'
import { unfinishedFrontId } from '#lib/channels/channel-status'
import { unfinishedHold } from '#lib/channels/holds'
import { mintChannelKey, mintKey } from '#lib/channels/keys'
import type { SealingKeys } from '#lib/secrets'
import type { ThreadingRule } from '#lib/threading/rules'

/** What a person decides about a new channel; everything else starts with its default. An application channel names its app. */
export type ChannelBasics = Pick<NewChannel, 'companyId' | 'name'> & { threading: ThreadingRule } & Partial<
    Pick<NewChannel, 'contactType' | 'defaultCountry' | 'receiveOnly' | 'providerUrl' | 'providerFormat'>
  > &
  ({ kind?: 'custom'; appId?: null } | { kind: 'application'; appId: string })

/** The keys are here in the clear, to be shown once. */
export type OpenedChannel = { channel: Channel; incomingKey: string; signingSecret: string }

type Opening = {
  basics: ChannelBasics
  /** Null while Front has not told the id yet: every side is held until `finishChannel`, or until Front connects it. */
  frontChannelId: string | null
  frontInboxId: string | null
  /** The signed-in person's e-mail, or `front`. */
  actor: string
  keys: SealingKeys
  now: Date
}

/** Stores a channel with its two targets and its first keys, in the caller's transaction. */
export async function openChannel(tx: Transaction, opening: Opening): Promise<OpenedChannel> {
  const { basics, frontChannelId, frontInboxId, actor, keys, now } = opening
  const id = newId()
  const channel = await insertChannel(tx, {
    ...basics,
    id,
    key: mintChannelKey(),
    frontChannelId: frontChannelId ?? unfinishedFrontId(id),
    frontInboxId,
    // Front tells the id of an application channel only by connecting it.
    connectedAt: basics.kind === 'application' && frontChannelId ? now : null,
    createdAt: now,
    updatedAt: now,
  })
  const hold = { heldSince: now, heldReason: unfinishedHold(channel.kind) }
  await insertTargets(tx, { channelId: id, ...(frontChannelId ? {} : { hold }) })
  const incoming = mintKey({ channelId: id, purpose: 'incoming', createdBy: actor, keys, now })
  const signing = mintKey({ channelId: id, purpose: 'signing', createdBy: actor, keys, now })
  await insertChannelKey(tx, incoming.row)
  await insertChannelKey(tx, signing.row)
  const details = { name: basics.name, kind: channel.kind, frontChannelId }
  await recordAuditEvent(tx, { actor, action: 'channel.open', channelId: id, details })
  return { channel, incomingKey: incoming.secret, signingSecret: signing.secret }
}
