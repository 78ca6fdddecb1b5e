import type { Database } from '#db/client'
import { insertSandboxApp, insertSandboxCredential } from '#db/queries/sandbox-apps'
import { insertSandboxChannel } from '#db/queries/sandbox-channels'
import { insertSandboxConversation } from '#db/queries/sandbox-conversations'
import { insertSandboxMessage } from '#db/queries/sandbox-messages'
import { insertSandboxPhoneCall, insertSandboxPhoneEvent } from '#db/queries/sandbox-phone-calls'
import { putSandboxTemplate } from '#db/queries/sandbox-templates'
import type { SandboxPhoneEventContent } from '#db/schema/sandbox-extras'
import { sealCredentials } from '#lib/sandbox/apps/credentials'
import { type SealingKeys, seal } from '#lib/secrets'

const CHANNEL = 'cha_scene'
const APP = 'scene'

/** An application channel in trouble with one of everything, where every text is the word given. Returns pages that show it. */
export async function sandboxScene(
  db: Database,
  { keys, word }: { keys: SealingKeys; word: string },
): Promise<string[]> {
  const sealed = sealCredentials({ access_token: 'key' }, keys)
  await insertSandboxApp(db, { uid: APP, name: word, authMethod: 'oauth', secretSealed: seal(word, keys) })
  await insertSandboxCredential(db, { id: 'crd_scene', appUid: APP, sealed, owner: word })
  const trouble = { status: 'offline', statusReason: word } as const
  const place = { id: CHANNEL, inboxId: 'inb_support', appUid: APP, credentialId: 'crd_scene' }
  await insertSandboxChannel(db, { ...place, name: word, type: 'custom', address: word, settings: {}, ...trouble })
  for (const id of ['cnv_scene', 'cnv_other']) {
    await insertSandboxConversation(db, { id, channelId: CHANNEL, handle: word, name: word })
  }
  await insertBounced(db, word)
  await insertPhoneCall(db, word)
  await putSandboxTemplate(db, {
    id: 'rsp_scene',
    channelId: CHANNEL,
    externalId: word,
    name: word,
    blurb: word,
    isDisabled: true,
    statusName: 'REJECTED',
    variableMappings: [{ uid: word, type: 'text', name: word }],
    preview: `<p>${word}</p>`,
    updatedAt: new Date(),
  })
  return [
    '/sandbox/inbox?c=cnv_scene',
    '/sandbox/channels',
    '/sandbox/apps',
    `/sandbox/apps/settings?app=${APP}`,
    `/sandbox/connect?app=${APP}`,
    '/sandbox/connect/address?credential=crd_scene',
    '/sandbox/templates',
  ]
}

async function insertBounced(db: Database, word: string): Promise<void> {
  const person = { handle: word, name: word }
  const content = {
    subject: null,
    body: word,
    text: word,
    author: null,
    attachments: [],
    metadata: {},
    repliedTo: null,
  }
  const state = { kind: 'synced', sendState: 'bounced', sendError: word } as const
  const place = { id: 'msg_scene', uid: 'scene', conversationId: 'cnv_scene', channelId: CHANNEL, isInbound: false }
  const shown = { ...content, sender: person, recipient: person }
  await insertSandboxMessage(db, { ...place, ...state, visibleAt: new Date(), content: shown }, [])
}

async function insertPhoneCall(db: Database, word: string): Promise<void> {
  const names = { externalId: word, parentExternalId: 'parent', partyHandle: word }
  const place = { id: 'call_scene', channelId: CHANNEL, conversationId: 'cnv_scene', direction: 'inbound' } as const
  await insertSandboxPhoneCall(db, { ...place, ...names, status: 'missed', startedAt: new Date() })
  const line = { speaker_name: word, speaker_type: 'external', content: word, start_time_seconds: 70 } as const
  const contents: SandboxPhoneEventContent[] = [
    { kind: 'status', status: 'missed', agentEmail: word },
    { kind: 'recording', recordingType: 'voicemail', fileId: 'fil_scene', filename: word, contentType: 'audio/mpeg' },
    { kind: 'summary', text: word },
    { kind: 'transcript', lines: [line] },
  ]
  for (const content of contents) {
    const id = `evt_${content.kind}`
    await insertSandboxPhoneEvent(db, { id, callId: 'call_scene', content, occurredAt: new Date() })
  }
}
