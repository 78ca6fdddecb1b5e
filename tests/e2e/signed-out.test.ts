import { readFileSync } from 'node:fs'
import path from 'node:path'
import { closeSetUp } from '#db/queries/installation'
import { insertUser, listUsers } from '#db/queries/users'
import { SOME_ID, signedInPages } from '#tests/support/pages'
import { expect, startOver, test } from './fixtures.ts'

const ROOT = path.resolve(import.meta.dirname, '..', '..')

/** Open on purpose: signing in and setting up; the sandbox's chat page, where a visitor writes. */
const OPEN_ACTIONS = /^app\/(\(entry\)|sandbox\/chat)\//

type Action = { id: string; name: string; page: string }

/** Every action that the built server answers, from the list that Next keeps beside it. */
function signedInActions(): Action[] {
  const manifest: {
    node: Record<string, { exportedName: string; filename: string; workers: Record<string, unknown> }>
  } = JSON.parse(readFileSync(path.join(ROOT, '.next', 'server', 'server-reference-manifest.json'), 'utf8'))
  return Object.entries(manifest.node)
    .filter(([, { filename }]) => !OPEN_ACTIONS.test(filename))
    .map(([id, { exportedName, filename, workers }]) => ({
      id,
      name: `${filename} ${exportedName}`,
      page: pageOf(Object.keys(workers)[0] ?? ''),
    }))
}

function pageOf(worker: string): string {
  const place = path.dirname(worker.replace(/^app/, ''))
  return place.replaceAll(/\/\(\w+\)/g, '').replaceAll(/\[\w+\]/g, SOME_ID) || '/'
}

test.beforeAll(startOver)
test.beforeAll(async ({ connection: { db } }) => {
  await insertUser(db, { email: 'ada@example.com', name: 'Ada', role: 'owner', passwordHash: null })
  await closeSetUp(db, new Date())
})

test('every page but sign-in sends a signed-out visitor to sign in, and comes back to it later', async ({
  request,
}) => {
  const pages = signedInPages()
  expect(pages).toEqual(
    expect.arrayContaining([
      '/',
      '/messages',
      `/messages/${SOME_ID}`,
      '/settings/people',
      '/apps/new',
      `/channels/${SOME_ID}/calls`,
    ]),
  )
  for (const page of pages) {
    const answer = await request.get(page, { maxRedirects: 0 })
    const back = page === '/' ? '/login' : `/login?next=${encodeURIComponent(page)}`
    expect.soft([page, answer.status(), answer.headers().location]).toEqual([page, 307, back])
  }
})

test('no action does anything for a signed-out visitor', async ({ request, db }) => {
  const actions = signedInActions()
  expect(actions.map(({ name }) => name)).toContain('app/(console)/settings/people/actions.ts addPersonAction')
  for (const { id, name, page } of actions) {
    const answer = await request.post(page, {
      maxRedirects: 0,
      headers: { 'next-action': id, 'content-type': 'text/plain;charset=UTF-8' },
      data: '[null,{}]',
    })
    expect.soft([name, answer.headers()['x-action-redirect']]).toEqual([name, expect.stringMatching(/^\/login/)])
  }
  expect(await listUsers(db)).toHaveLength(1)
})

test('a made-up session cookie opens nothing', async ({ request }) => {
  const headers = { cookie: 'next-auth.session-token=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aaaa.bbbb.cccc' }
  const answer = await request.get('/messages', { headers, maxRedirects: 0 })
  expect(answer.headers().location).toBe('/login?next=%2Fmessages')
})

test('pages let no other site frame them and run no script but their own', async ({ request }) => {
  const [first, second] = [await request.get('/login'), await request.get('/login')]
  const policy = first.headers()['content-security-policy'] ?? ''
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).toMatch(/script-src 'self' 'nonce-[\w+/=]{20,}' 'strict-dynamic';/)
  expect(second.headers()['content-security-policy']).not.toBe(policy)
  expect(first.headers()).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' })
})
