import { randomBytes } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { getActiveKeys } from '#db/queries/channel-keys'
import { getChannel, updateChannelRow } from '#db/queries/channels'
import { listCompanies } from '#db/queries/companies'
import { findSandboxChannel } from '#db/queries/sandbox-channels'
import { findSandboxProvider, listSandboxProviders } from '#db/queries/sandbox-chat'
import { findSandboxCompany } from '#db/queries/sandbox-company'
import { listTargets } from '#db/queries/targets'
import { exploreSandbox } from '#lib/flows/explore-sandbox'
import { rotateKey } from '#lib/flows/rotate-key'
import { sandboxToken } from '#lib/sandbox/identity'
import { hashToken, type SealingKeys, unseal } from '#lib/secrets'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
afterAll(database.close)
const { db } = database
const keys: SealingKeys = [randomBytes(32)]
const now = new Date('2026-11-21T10:00:00Z')
const exploring = { keys, publicUrl: 'https://patchbay.example', actor: 'olga@example.com', now }

async function opensAndSigns(channelId: string, channelKey: string, at: Date) {
  const provider = await findSandboxProvider(db, channelKey)
  const [bearers, signers] = await Promise.all([
    getActiveKeys(db, { channelId, purpose: 'incoming', now: at }),
    getActiveKeys(db, { channelId, purpose: 'signing', now: at }),
  ])
  const bearer = hashToken(unseal(provider?.bearerKeySealed ?? '', keys))
  const secret = unseal(provider?.signingSecretSealed ?? '', keys)
  return {
    opens: bearers.some(({ tokenHash }) => tokenHash === bearer),
    signs: signers.some(({ secretSealed }) => secretSealed !== null && unseal(secretSealed, keys) === secret),
  }
}

test('two people who explore at once get one channel that works both ways', async () => {
  const [first, second] = await Promise.all([exploreSandbox(db, exploring), exploreSandbox(db, exploring)])
  expect(second).toEqual(first)
  expect(await listCompanies(db)).toHaveLength(1)
  const company = await findSandboxCompany(db)
  expect(company).toMatchObject({ isSandbox: true, frontBaseUrl: 'https://patchbay.example/sandbox/front' })
  expect(unseal(company?.apiTokenSealed ?? '', keys)).toBe(sandboxToken(keys))
  const channel = await getChannel(db, first.channelId)
  expect(channel?.providerUrl).toBe(`https://patchbay.example/sandbox/provider/${first.channelKey}`)
  const atFront = await findSandboxChannel(db, channel?.frontChannelId ?? '')
  expect(atFront?.webhookUrl).toBe(`https://patchbay.example/api/front/custom/${first.channelKey}/outgoing`)
  expect(await listTargets(db, [first.channelId])).toHaveLength(3)
  expect(await opensAndSigns(first.channelId, first.channelKey, now)).toEqual({ opens: true, signs: true })
})

test('exploring again gives the chat new keys where a rotation has ended its own', async () => {
  const { channelId, channelKey } = await exploreSandbox(db, exploring)
  for (const purpose of ['incoming', 'signing'] as const) {
    await rotateKey(db, { channelId, purpose, overlap: 'now', actor: 'olga@example.com', keys, now })
  }
  const later = new Date(now.getTime() + 1000)
  expect(await opensAndSigns(channelId, channelKey, later)).toEqual({ opens: false, signs: false })
  await exploreSandbox(db, { ...exploring, now: later })
  expect(await opensAndSigns(channelId, channelKey, later)).toEqual({ opens: true, signs: true })
})

test('exploring again after a move follows the new public address, but keeps a provider URL that a person chose', async () => {
  const moved = { ...exploring, publicUrl: 'https://moved.example' }
  const { channelId, channelKey } = await exploreSandbox(db, moved)
  expect((await getChannel(db, channelId))?.providerUrl).toBe(`https://moved.example/sandbox/provider/${channelKey}`)
  await updateChannelRow(db, { id: channelId, now, change: { providerUrl: 'https://own.example/hook' } })
  await exploreSandbox(db, exploring)
  expect((await getChannel(db, channelId))?.providerUrl).toBe('https://own.example/hook')
  expect((await findSandboxCompany(db))?.frontBaseUrl).toBe('https://patchbay.example/sandbox/front')
})

test('an archived sandbox channel is followed by a new one', async () => {
  const { channelId } = await exploreSandbox(db, exploring)
  await updateChannelRow(db, { id: channelId, now, change: { archivedAt: now } })
  const next = await exploreSandbox(db, exploring)
  expect(next.channelId).not.toBe(channelId)
  expect((await findSandboxChannel(db, 'cha_sandboxchat'))?.webhookUrl).toContain(next.channelKey)
  expect((await listSandboxProviders(db)).map((provider) => provider.channelKey)).toEqual([next.channelKey])
})

test('exploring again follows a channel whose address was changed', async () => {
  const { channelId } = await exploreSandbox(db, exploring)
  await updateChannelRow(db, { id: channelId, now, change: { key: 'ch_changed' } })
  const { channelKey } = await exploreSandbox(db, exploring)
  expect(channelKey).toBe('ch_changed')
  expect((await getChannel(db, channelId))?.providerUrl).toBe('https://patchbay.example/sandbox/provider/ch_changed')
  expect(await opensAndSigns(channelId, channelKey, now)).toEqual({ opens: true, signs: true })
})
