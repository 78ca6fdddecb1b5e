import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listTestMessages } from '#db/queries/test-messages'
import { conversations } from '#db/schema/conversations'
import { messages } from '#db/schema/messages'
import type { Direction } from '#db/schema/targets'
import { unfinishedFrontId } from '#lib/channels/channel-status'
import { sendTestMessage } from '#lib/flows/send-test-message'
import { claim } from '#tests/support/engine'
import { createChannel } from '#tests/support/factories'
import { type TestDatabase, testDatabase } from '#tests/support/postgres'

const now = new Date('2026-11-20T12:00:00Z')

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const send = (channelId: string, direction: Direction) =>
  sendTestMessage(database.db, { channelId, direction, actor: 'ada@example.com', now })

const handles = { custom: 'patchbay-test', email: 'patchbay-test@example.com', phone: '+12025550123' } as const
for (const contactType of ['custom', 'email', 'phone'] as const) {
  test(`tests of a channel by ${contactType} share one marked conversation and wait in the ordinary lanes`, async () => {
    const channel = await createChannel(database.db, { contactType, threading: { type: 'single' } })
    const inbound = await send(channel.id, 'inbound')
    const outbound = await send(channel.id, 'outbound')

    const listed = await listTestMessages(database.db, channel.id)
    expect(listed.map(({ id, direction, status }) => ({ id, direction, status }))).toEqual([
      { id: outbound, direction: 'outbound', status: 'pending' },
      { id: inbound, direction: 'inbound', status: 'pending' },
    ])
    const made = await database.db.select().from(conversations).where(eq(conversations.channelId, channel.id)).limit(5)
    expect(made).toMatchObject([{ key: 'patchbay-test', contactHandle: handles[contactType], isTest: true }])
    expect(made[0]?.reference).toMatch(/^pb-/)
    const stored = await database.db.select().from(messages).where(eq(messages.channelId, channel.id)).limit(5)
    expect(stored.map((message) => message.isTest)).toEqual([true, true])
    const claims = await claim(database.db)
    expect(claims.map((each) => each.deliveryId).sort()).toEqual([inbound, outbound].sort())
  })
}

const impossible: Record<string, [Parameters<typeof createChannel>[1], Direction, string]> = {
  'to the provider of a receive-only channel': [{ receiveOnly: true }, 'outbound', 'receive_only'],
  'to a provider without an address': [{ providerUrl: null }, 'outbound', 'conflict'],
  'to Front before Front knows the channel': [{ frontChannelId: unfinishedFrontId('1') }, 'inbound', 'conflict'],
  'through an archived channel': [{ archivedAt: now }, 'inbound', 'channel_disabled'],
}
for (const [what, [channel, direction, code]] of Object.entries(impossible)) {
  test(`no test goes ${what}`, async () => {
    const { id } = await createChannel(database.db, channel)
    await expect(send(id, direction)).rejects.toMatchObject({ code })
    expect(await listTestMessages(database.db, id)).toEqual([])
  })
}
