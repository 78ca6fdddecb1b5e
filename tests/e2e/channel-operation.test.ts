import type { APIRequestContext } from '@playwright/test'
import { expect, startOver, test } from '#tests/e2e/fixtures'
import { type Explored, exploreAs } from '#tests/support/explored'
import { readSecret } from '#tests/support/read-secret'

test.beforeAll(startOver)

const sender = { handle: 'visitor-paused', name: 'Petra Patient' }

function post(
  request: APIRequestContext,
  { channelKey, bearer }: Pick<Explored, 'channelKey' | 'bearer'>,
  body: string,
) {
  return request.post(`/api/channels/${channelKey}/incoming`, {
    headers: { authorization: `Bearer ${bearer}` },
    data: { sender, body },
  })
}

test('a paused channel keeps messages and shows them as held; resumed, it delivers them in order', async ({
  page,
  context,
  server,
  db,
  sql,
  request,
}) => {
  const explored = await exploreAs('support', { server, db, context })
  await page.goto(`/channels/${explored.channelId}`)
  await page.getByRole('button', { name: 'Pause' }).click()
  const asking = page.getByRole('dialog', { name: /^Pause / })
  await asking.getByLabel('Why').fill('The provider moves house.')
  await asking.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByText('Paused. Messages are kept from now on.')).toBeVisible()

  for (const body of ['First', 'Second', 'Third']) {
    expect((await post(request, explored, body)).status()).toBe(202)
  }
  await page.goto(`/messages?channel=${explored.channelId}&status=held`)
  await expect(page.getByRole('link', { name: 'Petra Patient' })).toHaveCount(3)
  await page.getByRole('link', { name: 'Petra Patient' }).first().click()
  await expect(page.getByRole('heading', { name: 'From Petra Patient' })).toBeVisible()
  await expect(page.getByText('Held', { exact: true }).first()).toBeVisible()
  await expect(page.getByText(/The provider moves house\./)).toBeVisible()
  const arrived = () =>
    sql`select content->>'text' as text from sandbox_messages where content->'sender'->>'handle' = ${sender.handle}
        order by created_at, id`
  expect(await arrived()).toHaveLength(0)

  await page.goto(`/channels/${explored.channelId}`)
  await expect(page.getByText('held, 3 waiting')).toBeVisible()
  await page.getByRole('button', { name: 'Resume' }).click()
  const resuming = page.getByRole('dialog', { name: /^Resume / })
  await expect(resuming.getByText(/3 messages wait\./)).toBeVisible()
  await resuming.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByText('Resumed. What waited goes out in order.')).toBeVisible()
  await expect.poll(async () => (await arrived()).map(({ text }) => text)).toEqual(['First', 'Second', 'Third'])
})

test('what a pause held goes out at the rate that the channel’s settings say, which can be changed meanwhile', async ({
  page,
  context,
  server,
  db,
  sql,
  request,
}) => {
  const explored = await exploreAs('admin', { server, db, context })
  const { channelId } = explored
  const setRate = async (rate: string) => {
    await page.goto(`/channels/${channelId}/settings`)
    await page.getByLabel('What was held goes out at most').fill(rate)
    await page.getByRole('button', { name: 'Save the settings' }).click()
    await expect(page.getByText('Saved', { exact: false }).first()).toBeVisible()
  }
  await setRate('1')
  await page.goto(`/channels/${channelId}`)
  await page.getByRole('button', { name: 'Pause' }).click()
  const asking = page.getByRole('dialog', { name: /^Pause / })
  await asking.getByLabel('Why').fill('A slow gateway.')
  await asking.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByText('Paused. Messages are kept from now on.')).toBeVisible()
  const bodies = ['Slow one', 'Slow two', 'Slow three']
  for (const body of bodies) expect((await post(request, explored, body)).status()).toBe(202)

  await page.goto(`/channels/${channelId}`)
  await page.getByRole('button', { name: 'Resume' }).click()
  const resuming = page.getByRole('dialog', { name: /^Resume / })
  await expect(resuming.getByText(/at most 1 a minute/)).toBeVisible()
  await resuming.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByText('Sending what was held')).toBeVisible()
  const arrived = async () =>
    (
      await sql`select content->>'text' as text from sandbox_messages where content->>'text' like 'Slow %' order by created_at, id`
    ).map(({ text }) => text)
  await expect.poll(arrived).toEqual(['Slow one'])

  await setRate('')
  await expect.poll(arrived).toEqual(bodies)
  await page.goto(`/channels/${channelId}`)
  await expect(page.getByText('Sending what was held')).toBeHidden()
})

test('during a rotation the old key and the new one open; once ended, the old one does not', async ({
  page,
  context,
  server,
  db,
  request,
}) => {
  const explored = await exploreAs('admin', { server, db, context })
  const { channelKey, bearer: old } = explored
  await page.goto(`/channels/${explored.channelId}/keys`)
  await page.getByRole('button', { name: 'Make a new key' }).click()
  const fresh = await readSecret(page, 'New incoming key')
  expect(fresh).toMatch(/^pbk_/)
  for (const bearer of [old, fresh]) {
    expect((await post(request, { channelKey, bearer }, 'During the overlap')).status()).toBe(202)
  }
  const row = page.getByRole('listitem').filter({ hasText: `…${old.slice(-4)}` })
  await row.getByRole('button', { name: 'End it now' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End the key' }).click()
  await expect(page.getByText('Ended. That key opens nothing any more.')).toBeVisible()
  const refused = await post(request, { channelKey, bearer: old }, 'Too late')
  expect(refused.status()).toBe(401)
  expect((await post(request, { channelKey, bearer: fresh }, 'In time')).status()).toBe(202)
})
