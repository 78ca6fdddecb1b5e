import type { Database, Transaction } from '#db/client'
import { recordAuditEvent } from '#db/queries/audit-events'
import { getActiveKeys, insertChannelKey } from '#db/queries/channel-keys'
import { type Channel, getChannelByFrontId, updateChannelRow } from '#db/queries/channels'
import { type Company, insertCompany, updateCompany } from '#db/queries/companies'
import { putSandboxChannel } from '#db/queries/sandbox-channels'
import { findSandboxProvider, forgetOtherSandboxProviders, putSandboxProvider } from '#db/queries/sandbox-chat'
import { findSandboxCompany, lockSandboxSetUp } from '#db/queries/sandbox-company'
import { channelAddresses } from '#lib/channels/addresses'
import { mintKey } from '#lib/channels/keys'
import { openChannel } from '#lib/flows/open-channel'
import { SANDBOX_COMPANY, SANDBOX_INBOXES, sandboxBaseUrl, sandboxSecret, sandboxToken } from '#lib/sandbox/identity'
import { hashToken, type SealingKeys, seal, unseal } from '#lib/secrets'
import type { ThreadingRule } from '#lib/threading/rules'

type Exploring = { keys: SealingKeys; publicUrl: string; actor: string; now: Date }

/** The sandbox's own channel behind the chat page. */
const FRONT_CHANNEL_ID = 'cha_sandboxchat'
/** Where the chat's provider lives, whatever the public address and the channel's key were. */
const OWN_PROVIDER = /\/sandbox\/provider\/[^/]+$/
const CHANNEL_NAME = 'Sandbox chat'
const THREADING: ThreadingRule = { type: 'session', hours: 24, from: 'last_message' }

/**
 * Makes the sandbox ready to be tried: its company, a channel of it that works both ways, and the provider behind the
 * visitor's chat page. What is there already stays; addresses and keys that no longer work are put right.
 */
export async function exploreSandbox(
  db: Database,
  exploring: Exploring,
): Promise<{ channelId: string; channelKey: string }> {
  return db.transaction(async (tx) => {
    await lockSandboxSetUp(tx)
    const company = await prepareCompany(tx, exploring)
    const known = await getChannelByFrontId(tx, { companyId: company.id, frontChannelId: FRONT_CHANNEL_ID })
    const channel = known ?? (await openSandboxChannel(tx, company, exploring))
    await prepareAddresses(tx, channel, exploring)
    await prepareProvider(tx, channel, exploring)
    await forgetOtherSandboxProviders(tx, channel.key)
    return { channelId: channel.id, channelKey: channel.key }
  })
}

async function prepareCompany(tx: Transaction, { keys, publicUrl, actor, now }: Exploring): Promise<Company> {
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

async function openSandboxChannel(tx: Transaction, company: Company, exploring: Exploring): Promise<Channel> {
  const { keys, actor, now } = exploring
  const { channel, incomingKey, signingSecret } = await openChannel(tx, {
    basics: { companyId: company.id, name: CHANNEL_NAME, threading: THREADING },
    frontChannelId: FRONT_CHANNEL_ID,
    frontInboxId: SANDBOX_INBOXES[0].id,
    actor,
    keys,
    now,
  })
  await handOver(tx, { channelKey: channel.key, bearerKey: incomingKey, signingSecret, keys })
  return channel
}

/** Both sides find each other at the present public address; a provider URL that a person chose stays. */
async function prepareAddresses(tx: Transaction, channel: Channel, { publicUrl, now }: Exploring): Promise<void> {
  if (channel.providerUrl === null || OWN_PROVIDER.test(channel.providerUrl)) {
    const providerUrl = `${publicUrl}/sandbox/provider/${channel.key}`
    await updateChannelRow(tx, { id: channel.id, now, change: { providerUrl } })
  }
  await putSandboxChannel(tx, {
    id: FRONT_CHANNEL_ID,
    inboxId: SANDBOX_INBOXES[0].id,
    name: CHANNEL_NAME,
    type: 'custom',
    address: 'chat@custom.sandbox.example',
    webhookUrl: channelAddresses({ publicUrl, channelKey: channel.key }).outgoing,
    settings: {},
  })
}

/** Gives the provider new keys where a rotation has ended those it has. */
async function prepareProvider(tx: Transaction, channel: Channel, { keys, actor, now }: Exploring): Promise<void> {
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
  await handOver(tx, { channelKey: channel.key, bearerKey: incoming.secret, signingSecret: signing.secret, keys })
}

type Credentials = { channelKey: string; bearerKey: string; signingSecret: string; keys: SealingKeys }

async function handOver(tx: Transaction, { channelKey, bearerKey, signingSecret, keys }: Credentials): Promise<void> {
  await putSandboxProvider(tx, {
    channelKey,
    name: CHANNEL_NAME,
    bearerKeySealed: seal(bearerKey, keys),
    signingSecretSealed: seal(signingSecret, keys),
  })
}
