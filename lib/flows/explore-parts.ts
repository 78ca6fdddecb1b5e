import type { Transaction } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { getActiveKeys, insertChannelKey } from '#db/queries/channel-keys'
import { type Channel, updateChannelRow } from '#db/queries/channels'
import { type Company, insertCompany, updateCompany } from '#db/queries/companies'
import { findSandboxProvider, forgetOtherSandboxProviders, putSandboxProvider } from '#db/queries/sandbox-chat'
import { findSandboxCompany } from '#db/queries/sandbox-company'
import { mintKey } from '#lib/channels/keys'
import { type OpenedChannel, openChannel } from '#lib/flows/open-channel'
import { SANDBOX_COMPANY, SANDBOX_INBOXES, sandboxBaseUrl, sandboxSecret, sandboxToken } from '#lib/sandbox/identity'
import { hashToken, type SealingKeys, seal, unseal } from '#lib/secrets'

export type Exploring = { keys: SealingKeys; publicUrl: string; actor: string; now: Date }

/** Where the chats' provider lives, whatever the public address and the channel's key were. */
const OWN_PROVIDER = /\/sandbox\/provider\/[^/]+$/

/** The sandbox's own company, with what opens the sandbox's Front. */
export async function prepareCompany(tx: Transaction, { keys, publicUrl, actor, now }: Exploring): Promise<Company> {
  const access = {
    frontBaseUrl: sandboxBaseUrl(publicUrl),
    apiTokenSealed: seal(sandboxToken(keys), keys),
    apiSecretSealed: seal(sandboxSecret(keys), keys),
  }
  const known = await findSandboxCompany(tx)
  if (known) {
    await updateCompany(tx, known.id, access, now)
    return known
  }
  const { id: frontCompanyId, name } = SANDBOX_COMPANY
  const company = await insertCompany(tx, { name, frontCompanyId, isSandbox: true, ...access })
  await recordAuditEvent(tx, { actor, action: 'sandbox.explore', subjectId: company.id })
  return company
}

/** The chat page is the channel's provider; a provider URL that a person chose stays. */
export async function pointToChat(tx: Transaction, channel: Channel, { publicUrl, now }: Exploring): Promise<void> {
  if (channel.providerUrl !== null && !OWN_PROVIDER.test(channel.providerUrl)) return
  const providerUrl = `${publicUrl}/sandbox/provider/${channel.key}`
  await updateChannelRow(tx, { id: channel.id, now, change: { providerUrl } })
}

/** Gives the chat page of a channel new keys where a rotation has ended those it has, and ends earlier chats of its name. */
export async function prepareChat(
  tx: Transaction,
  { channel, name }: { channel: Channel; name: string },
  { keys, actor, now }: Exploring,
): Promise<void> {
  await forgetOtherSandboxProviders(tx, { name, channelKey: channel.key })
  const provider = await findSandboxProvider(tx, channel.key)
  const of = { channelId: channel.id, now }
  const bearers = await getActiveKeys(tx, { ...of, purpose: 'incoming' })
  const signers = await getActiveKeys(tx, { ...of, purpose: 'signing' })
  const bearer = provider && unseal(provider.bearerKeySealed, keys)
  const secret = provider && unseal(provider.signingSecretSealed, keys)
  const opens = bearer !== undefined && bearers.some((key) => key.tokenHash === hashToken(bearer))
  const signs = signers.some((key) => key.secretSealed !== null && unseal(key.secretSealed, keys) === secret)
  if (opens && signs) return
  const incoming = mintKey({ channelId: channel.id, purpose: 'incoming', createdBy: actor, keys, now })
  const signing = mintKey({ channelId: channel.id, purpose: 'signing', createdBy: actor, keys, now })
  await insertChannelKey(tx, incoming.row)
  await insertChannelKey(tx, signing.row)
  await recordAuditEvent(tx, { actor, action: 'sandbox.new-keys', channelId: channel.id })
  await handOver(tx, { channel, incomingKey: incoming.secret, signingSecret: signing.secret }, { name, keys })
}

/** Opens a channel in the sandbox's first inbox, and hands its keys to the chat page. */
export async function openChatChannel(
  tx: Transaction,
  { basics, frontChannelId }: Pick<Parameters<typeof openChannel>[1], 'basics' | 'frontChannelId'>,
  { keys, actor, now }: Exploring,
): Promise<Channel> {
  const opened = await openChannel(tx, {
    basics,
    frontChannelId,
    frontInboxId: SANDBOX_INBOXES[0].id,
    actor,
    keys,
    now,
  })
  await handOver(tx, opened, { name: basics.name, keys })
  return opened.channel
}

/** The chat page gets what opens the channel. */
async function handOver(
  tx: Transaction,
  { channel, incomingKey, signingSecret }: OpenedChannel,
  { name, keys }: { name: string; keys: SealingKeys },
): Promise<void> {
  await putSandboxProvider(tx, {
    channelKey: channel.key,
    name,
    bearerKeySealed: seal(incomingKey, keys),
    signingSecretSealed: seal(signingSecret, keys),
  })
}
