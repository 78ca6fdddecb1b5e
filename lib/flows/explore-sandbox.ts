import type { Database, Transaction } from '#db/client'
import { type Channel, getChannelByFrontId } from '#db/queries/channels'
import { putSandboxChannel } from '#db/queries/sandbox-channels'
import { lockSandboxSetUp } from '#db/queries/sandbox-company'
import { channelAddresses } from '#lib/channels/addresses'
import { type Exploring, openChatChannel, pointToChat, prepareChat, prepareCompany } from '#lib/flows/explore-parts'
import { SANDBOX_INBOXES } from '#lib/sandbox/identity'
import type { ThreadingRule } from '#lib/threading/rules'

/** The sandbox's own channel behind the chat page. */
const FRONT_CHANNEL_ID = 'cha_sandboxchat'
const CHANNEL_NAME = 'Sandbox chat'
/** How both of the sandbox's own channels thread. */
export const CHAT_THREADING: ThreadingRule = { type: 'session', hours: 24, from: 'last_message' }

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
    const basics = { companyId: company.id, name: CHANNEL_NAME, threading: CHAT_THREADING }
    const known = await getChannelByFrontId(tx, { companyId: company.id, frontChannelId: FRONT_CHANNEL_ID })
    const channel = known ?? (await openChatChannel(tx, { basics, frontChannelId: FRONT_CHANNEL_ID }, exploring))
    await pointToChat(tx, channel, exploring)
    await prepareFrontChannel(tx, channel, exploring)
    await prepareChat(tx, { channel, name: CHANNEL_NAME }, exploring)
    return { channelId: channel.id, channelKey: channel.key }
  })
}

/** The sandbox's Front posts to the present public address. */
async function prepareFrontChannel(tx: Transaction, channel: Channel, { publicUrl }: Exploring): Promise<void> {
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
