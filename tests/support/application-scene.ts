import { eq } from 'drizzle-orm'
import type { Database } from '#db/client'
import { newId } from '#db/ids'
import { enqueueReport, reportLane } from '#db/queries/reports'
import { breakerEvents } from '#db/schema/breaker-events'
import { conversationAliases } from '#db/schema/conversations'
import { deliveries } from '#db/schema/deliveries'
import { addToCall, type CallAddition } from '#lib/flows/add-to-call'
import { createCall } from '#lib/flows/create-call'
import { saveTemplate } from '#lib/flows/save-template'
import type { SealingKeys } from '#lib/secrets'
import { createApp, createApplicationChannel } from '#tests/support/applications'
import { createConversation, createMessage, setTarget } from '#tests/support/factories'

const ERROR = 'Front answered 500: something went wrong there.'

/** Ends a report as one that Front could not be told. */
export async function failReport(db: Database, id: string): Promise<void> {
  const failed = { status: 'failed', attempts: 8, lastErrorClass: 'server_error', lastError: ERROR } as const
  await db.update(deliveries).set(failed).where(eq(deliveries.id, id))
}

/** Stores a report about something of a channel, waiting in its lane. */
export async function createReport(
  db: Database,
  report: Pick<Parameters<typeof enqueueReport>[1], 'channelId' | 'kind' | 'subjectId' | 'payload'>,
): Promise<string> {
  return db.transaction(async (tx) => {
    const conversationId = await reportLane(tx, { channelId: report.channelId, kind: 'channel', key: 'test' })
    return enqueueReport(tx, { ...report, conversationId, createdBy: 'ada@example.com' })
  })
}

const ADDITIONS: CallAddition[] = [
  { kind: 'update', update: { call_status: 'connected', agent_email_address: 'grace@example.com' } },
  { kind: 'update', update: { call_status: 'hangup' } },
  {
    kind: 'recording',
    file: { filename: 'call.mp3', contentType: 'audio/mpeg', bytes: Buffer.from('not really a sound') },
    recordingType: 'call',
  },
  { kind: 'summary', content: 'Ada asked where parcel 7 is.\nGrace will call back.' },
  {
    kind: 'transcript',
    lines: [
      { speaker_name: 'Ada Example', speaker_type: 'external', content: 'Where is my parcel?', start_time_seconds: 2 },
      { speaker_name: 'Grace', speaker_type: 'internal', content: 'I will look.', start_time_seconds: 6.5 },
    ],
  },
]

/** An application channel with one of everything that its pages show. */
export async function applicationScene(db: Database, { keys, word = 'Help' }: { keys: SealingKeys; word?: string }) {
  const now = new Date()
  const app = await createApp(db, { keys, name: `${word} messenger` })
  const channel = await createApplicationChannel(db, app, { name: `${word} desk`, contactType: 'custom' })
  const channelId = channel.id
  // What Front was told stays as this scene has it.
  await setTarget(db, channelId, 'report', { heldSince: now, heldReason: 'A test looks at it.' })
  const conversation = await createConversation(db, channelId, { reference: `pb-${word}` })
  await db
    .insert(conversationAliases)
    .values({ channelId, reference: `merged-${word}`, conversationId: conversation.id, createdAt: now })
  const bounced = { status: 'failed', attempts: 1, lastErrorClass: 'bounced', lastError: `${word} is full.` } as const
  const reply = { direction: 'outbound', reference: `pb-${word}` } as const
  const message = await createMessage(db, conversation, { ...reply, body: word, delivery: bounced })
  await createMessage(db, conversation, { ...reply, kind: 'autoreply', body: 'We will answer soon.' })
  await createMessage(db, conversation, { kind: 'sent_elsewhere', body: 'Written by a bot.' })
  const failed = { conversation: `pb-${word}`, message: message.id, reason: `${word} is full.` }
  await failReport(db, await createReport(db, { channelId, kind: 'failed', subjectId: message.id, payload: failed }))
  await createReport(db, { channelId, kind: 'status', subjectId: channelId, payload: { status: 'offline' } })
  const template = await addTemplate(db, { channelId, word, now })
  const { call } = await createCall(db, {
    channel,
    call: { external_call_id: `call-${word}`, direction: 'inbound', initial_status: 'ringing', from: { handle: word } },
    now,
  })
  const place = { channelId, externalId: call.externalId }
  for (const addition of ADDITIONS) await addToCall(db, { ...place, addition, now })
  await setTarget(db, channelId, 'inbound', {
    breakerSince: now,
    breakerReason: ERROR,
    holdUntil: new Date(+now + 60_000),
  })
  await db.insert(breakerEvents).values({ id: newId(), channelId, direction: 'inbound', kind: 'opened', reason: ERROR })
  return { app, channel, conversation, message, template, call }
}

async function addTemplate(db: Database, { channelId, word, now }: { channelId: string; word: string; now: Date }) {
  const saved = await saveTemplate(db, {
    channelId,
    template: {
      external_id: `template-${word}`,
      name: `${word} is on its way`,
      blurb: 'Your parcel {{1}} …',
      is_disabled: false,
      status_name: 'APPROVED',
      variable_mappings: [{ uid: '{{1}}', type: 'text', name: 'Parcel number' }],
      template_preview: `<p style="color:red">Your parcel <b>{{1}}</b> is on its way to ${word}.</p>`,
    },
    actor: 'ada@example.com',
    now,
  })
  return saved.template
}
