import { eq } from 'drizzle-orm'
import { afterAll, expect, test } from 'vitest'
import { findAppDoor } from '#db/queries/app-doors'
import { getApp, getAppView, listApps } from '#db/queries/apps'
import { apps } from '#db/schema/apps'
import { auditEvents } from '#db/schema/audit-events'
import { channels } from '#db/schema/channels'
import { appSettings } from '#lib/channels/app-settings'
import { archiveApp } from '#lib/flows/archive-app'
import { registerApp } from '#lib/flows/register-app'
import { endPreviousSecret, rotateAppSecret } from '#lib/flows/rotate-app-secret'
import { resetPinnedRedirect, updateApp } from '#lib/flows/update-app'
import { hashToken, unseal } from '#lib/secrets'
import { createApplicationChannel } from '#tests/support/applications'
import { KEYS } from '#tests/support/door'
import { createCompany } from '#tests/support/factories'
import { testDatabase } from '#tests/support/postgres'

const database = await testDatabase()
const { db } = database
afterAll(database.close)

const NOW = new Date('2026-11-01T12:00:00Z')
const HOUR_MS = 3_600_000
const by = { actor: 'ada@example.com', now: NOW }
const later = (hours: number) => new Date(NOW.getTime() + hours * HOUR_MS)

async function register(more: Partial<Parameters<typeof registerApp>[1]> = {}) {
  const companyId = more.companyId ?? (await createCompany(db)).id
  const described = { name: 'Messenger', uid: '64711a73def367ca', secret: 'first secret', ...more, companyId }
  return registerApp(db, { authMethod: 'api_token', credentials: 'private', keys: KEYS, ...by, ...described })
}

/** As the settings form would post it, unchanged. */
function settingsOf(app: { name: string; uid: string }, more: Record<string, string> = {}) {
  const { name, uid } = app
  const choices = { authMethod: 'api_token', credentials: 'private', composer: 'basic', timeline: 'standard' }
  const rest = { errorStatus: 'ok', notes: '', redirectHosts: '*.frontapp.com\n*.front.com' }
  return appSettings.parse({ name, uid, ...choices, ...rest, ...more })
}

test('an app that people sign in to gets an OAuth client, whose secret is told once', async () => {
  const { app, oauthClientSecret } = await register({ authMethod: 'oauth' })
  expect(app).toMatchObject({ key: expect.stringMatching(/^app_/), oauthClientId: expect.stringMatching(/^pbci_/) })
  expect(app.oauthClientSecretHash).toBe(hashToken(oauthClientSecret ?? ''))
  const [stored, audit] = [await db.select().from(apps), await db.select().from(auditEvents)]
  expect(JSON.stringify([stored, audit])).not.toContain(oauthClientSecret)
  expect(JSON.stringify([stored, audit])).not.toContain('first secret')
})

test.each([
  'api_token',
  // Here each connection is a client of its own.
  'client_credentials',
] as const)('an app that is opened by %s has no OAuth client secret of its own', async (authMethod) => {
  const { app, oauthClientSecret } = await register({ authMethod })
  expect(oauthClientSecret).toBeNull()
  expect(await getAppView(db, app.id)).toMatchObject({ hasOauthClientSecret: false, liveChannels: 0 })
})

test('what pages see of an app holds none of its secrets', async () => {
  const { app } = await register({ authMethod: 'oauth' })
  const view = JSON.stringify(await listApps(db))
  expect(view).toContain(app.id)
  expect(view).not.toContain(app.secretSealed)
  expect(view).not.toContain(app.oauthClientSecretHash)
})

test('a company has an app of one UID once, until that one is archived; another company may have it too', async () => {
  const { app } = await register()
  const again = { companyId: app.companyId }
  await expect(register(again)).rejects.toMatchObject({ code: 'conflict', details: [{ path: 'uid' }] })
  await expect(register()).resolves.toBeDefined()
  await archiveApp(db, { appId: app.id, typedName: 'Messenger', ...by })
  await expect(register(again)).resolves.toBeDefined()
})

test('a new app secret leaves the previous one good for the overlap and no longer', async () => {
  const { app } = await register()
  await rotateAppSecret(db, { appId: app.id, secret: 'second secret', overlap: 'day', keys: KEYS, ...by })
  const visit = { appKey: app.key, channelKey: null, tokenHashes: [] }
  const during = await findAppDoor(db, { ...visit, now: later(23) })
  expect(unseal(during?.secretSealed ?? '', KEYS)).toBe('second secret')
  expect(unseal(during?.previousSecretSealed ?? '', KEYS)).toBe('first secret')
  expect(await findAppDoor(db, { ...visit, now: later(25) })).toMatchObject({ previousSecretSealed: null })
})

test('a new app secret without an overlap ends the previous one at once', async () => {
  const { app } = await register()
  await rotateAppSecret(db, { appId: app.id, secret: 'second secret', overlap: 'now', keys: KEYS, ...by })
  expect(await getApp(db, app.id)).toMatchObject({ previousSecretSealed: null, previousSecretUntil: null })
})

test('the previous app secret can be ended before its time', async () => {
  const { app } = await register()
  await rotateAppSecret(db, { appId: app.id, secret: 'second secret', overlap: 'week', keys: KEYS, ...by })
  await endPreviousSecret(db, { appId: app.id, ...by })
  const view = await getAppView(db, app.id)
  expect(view).toMatchObject({ hasPreviousSecret: false, previousSecretUntil: null })
})

test('the present app secret is not taken for a new one', async () => {
  const { app } = await register()
  const same = { appId: app.id, secret: 'first secret', overlap: 'day' as const, keys: KEYS, ...by }
  await expect(rotateAppSecret(db, same)).rejects.toMatchObject({
    code: 'invalid_input',
    details: [{ path: 'secret' }],
  })
})

test('a change of settings names the changed fields in the trail, and saving the same again writes nothing', async () => {
  const { app } = await register()
  const settings = settingsOf(app, { errorStatus: 'matching', redirectHosts: 'front.example' })
  await updateApp(db, { appId: app.id, settings, ...by })
  await updateApp(db, { appId: app.id, settings, ...by, now: later(1) })
  expect(await getApp(db, app.id)).toMatchObject({
    errorStatus: 'matching',
    redirectHosts: ['front.example'],
    updatedAt: NOW,
  })
  const trail = await db.select().from(auditEvents).where(eq(auditEvents.subjectId, app.id))
  expect(trail.filter(({ action }) => action === 'app.update')).toMatchObject([
    { details: { changed: ['errorStatus', 'redirectHosts'] } },
  ])
})

test('an app cannot take the UID of another app of its company', async () => {
  const { app } = await register()
  const { app: other } = await register({ companyId: app.companyId, uid: 'other' })
  const settings = settingsOf({ name: 'Other', uid: app.uid })
  await expect(updateApp(db, { appId: other.id, settings, ...by })).rejects.toMatchObject({ code: 'conflict' })
})

test('a redirect that was pinned can be forgotten', async () => {
  const { app } = await register({ authMethod: 'oauth' })
  await db.update(apps).set({ pinnedRedirectUri: 'https://app.frontapp.com/back' }).where(eq(apps.id, app.id))
  await resetPinnedRedirect(db, { appId: app.id, ...by })
  expect(await getApp(db, app.id)).toMatchObject({ pinnedRedirectUri: null })
})

test('an app is not archived while a channel uses it, nor by a mistyped name', async () => {
  const { app } = await register()
  const channel = await createApplicationChannel(db, app, { name: 'Berlin' })
  const archive = { appId: app.id, typedName: 'Messenger', ...by }
  await expect(archiveApp(db, archive)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('Berlin'),
  })
  await db.update(channels).set({ archivedAt: NOW }).where(eq(channels.id, channel.id))
  await expect(archiveApp(db, { ...archive, typedName: 'messenger' })).rejects.toMatchObject({ code: 'invalid_input' })
  await archiveApp(db, archive)
  expect((await listApps(db, { archived: true })).map(({ id }) => id)).toContain(app.id)
})

test('an archived app is changed no more', async () => {
  const { app } = await register()
  await archiveApp(db, { appId: app.id, typedName: 'Messenger', ...by })
  const settings = settingsOf(app, { name: 'Anew' })
  await expect(updateApp(db, { appId: app.id, settings, ...by })).rejects.toMatchObject({ code: 'conflict' })
})
