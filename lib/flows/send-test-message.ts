import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { recordAuditEvent } from '#db/queries/audit-events'
import { type Channel, getChannel } from '#db/queries/channels'
import { storeMessage } from '#db/queries/store-message'
import { TEST_CONVERSATION_KEY } from '#db/queries/test-messages'
import type { Direction } from '#db/schema/targets'
import { isUnfinished } from '#lib/channels/channel-status'
import { AppError } from '#lib/errors'
import { receiveIncoming } from '#lib/flows/receive-incoming'
import { parseIncomingMessage } from '#lib/provider/schemas'
import { deriveReference } from '#lib/threading/decide'

type Test = { channelId: string; direction: Direction; actor: string; now: Date }

/** Handles that fit each contact type and belong to nobody: names and numbers kept free for examples. */
const TEST_HANDLES = {
  custom: 'patchbay-test',
  email: 'patchbay-test@example.com',
  phone: '+12025550123',
} as const

const TEST_NAME = 'Patchbay test'

/**
 * Sends a message marked as a test through the ordinary engine, in a conversation of its own. Returns its id.
 * @throws AppError when the channel cannot carry anything that way
 */
export async function sendTestMessage(db: Database, test: Test): Promise<string> {
  const { channelId, direction, actor } = test
  const channel = await getChannel(db, channelId)
  if (!channel) throw new AppError('not_found', 'There is no such channel.')
  refuseImpossible(channel, direction)
  const id = direction === 'inbound' ? await testToFront(db, channel, test) : await testToProvider(db, channel, test)
  await recordAuditEvent(db, { actor, action: 'channel.test', channelId, subjectId: id, details: { direction } })
  return id
}

function refuseImpossible(channel: Channel, direction: Direction): void {
  if (channel.archivedAt) throw new AppError('channel_disabled', 'This channel is archived.')
  if (direction === 'inbound') {
    if (!isUnfinished(channel.frontChannelId)) return
    throw new AppError('conflict', 'Front has not confirmed this channel yet. Finish it first.')
  }
  if (channel.receiveOnly)
    throw new AppError('receive_only', 'This channel is receive-only: nothing goes to the provider.')
  if (!channel.providerUrl) throw new AppError('conflict', 'Set the provider’s URL in the settings first.')
}

/** As if the provider had posted it. The threading rule is left out, so that a test never lands among customers. */
async function testToFront(db: Database, channel: Channel, { actor, now }: Test): Promise<string> {
  const raw = {
    sender: { handle: TEST_HANDLES[channel.contactType], name: TEST_NAME },
    body: `This is a test from Patchbay, sent by ${actor}. You can archive it.`,
    body_format: 'text',
    conversation_key: TEST_CONVERSATION_KEY,
  }
  const received = await receiveIncoming(db, {
    channel: { ...channel, threading: { type: 'provider' } },
    message: parseIncomingMessage(raw, { fileCount: 0, kind: channel.kind }),
    raw,
    files: [],
    identity: null,
    isTest: true,
    now,
  })
  return received.id
}

async function testToProvider(db: Database, channel: Channel, { actor, now }: Test): Promise<string> {
  const id = newId()
  const handle = TEST_HANDLES[channel.contactType]
  const text = `This is a test from Patchbay, sent by ${actor}. Show it to nobody.`
  const stored = await storeMessage(db, {
    message: {
      id,
      channelId: channel.id,
      direction: 'outbound',
      isTest: true,
      contactHandle: handle,
      contactName: TEST_NAME,
      author: { name: TEST_NAME, email: actor },
      recipients: [{ handle, name: TEST_NAME, role: 'to' }],
      body: `<p>${text}</p>`,
      bodyFormat: 'html',
      bodyText: text,
      raw: testReply({ id, handle, text, now }),
      attachments: [],
      threadReason: 'A test has a conversation of its own.',
      sentAt: now,
    },
    key: null,
    conversation: {
      id: newId(),
      key: TEST_CONVERSATION_KEY,
      reference: deriveReference(channel.id, TEST_CONVERSATION_KEY),
      contactHandle: handle,
      contactName: TEST_NAME,
      isTest: true,
    },
    frontConversationId: null,
  })
  return stored.id
}

/** Front's Message JSON, for channels that pass it on unchanged. Its id shows that Front never had it. */
function testReply({ id, handle, text, now }: { id: string; handle: string; text: string; now: Date }) {
  return {
    id: `test_${id}`,
    type: 'custom',
    is_inbound: false,
    is_draft: false,
    created_at: now.getTime() / 1000,
    blurb: text,
    body: `<p>${text}</p>`,
    text,
    author: null,
    recipients: [{ handle, name: TEST_NAME, role: 'to', _links: { related: { contact: null } } }],
    attachments: [],
    metadata: {},
    _links: { related: {} },
  }
}
