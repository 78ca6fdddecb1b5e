import { expect, test, vi } from 'vitest'
import { createShutdown } from '#lib/server/shutdown'

test('what was started last is ended first, one after the other', async () => {
  const said: string[] = []
  const shutdown = createShutdown()
  for (const name of ['database', 'pool', 'worker', 'requests']) {
    shutdown.add(
      name,
      async () => {
        said.push(`${name} ends`)
        await Promise.resolve()
        said.push(`${name} ended`)
      },
      1_000,
    )
  }
  await shutdown.run()
  const order = ['requests', 'worker', 'pool', 'database']
  expect(said).toEqual(order.flatMap((name) => [`${name} ends`, `${name} ended`]))
})

test('a second call waits for the first and ends nothing twice', async () => {
  const stop = vi.fn(async () => {})
  const shutdown = createShutdown()
  shutdown.add('database', stop, 1_000)
  await Promise.all([shutdown.run(), shutdown.run()])
  expect(stop).toHaveBeenCalledOnce()
})

test('a step that fails or never ends does not keep the database running', async () => {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const stopDatabase = vi.fn(async () => {})
  const shutdown = createShutdown()
  shutdown.add('the database', stopDatabase, 1_000)
  shutdown.add('the worker', () => new Promise(() => {}), 20)
  shutdown.add('requests', () => Promise.reject(new Error('broken')), 1_000)
  await shutdown.run()
  expect(stopDatabase).toHaveBeenCalledOnce()
  expect(told.mock.calls.flat().join('')).toMatch(/broken[\s\S]*Gave up waiting for the worker after 0\.02 s/)
  told.mockRestore()
})

test('somebody in a hurry waits for the database alone, also while the rest is still ending', async () => {
  const stopDatabase = vi.fn(async () => {})
  const shutdown = createShutdown()
  shutdown.add('the database', stopDatabase, 1_000)
  shutdown.add('requests', () => new Promise(() => {}), 60_000)
  void shutdown.run()
  await shutdown.runOnly('the database')
  expect(stopDatabase).toHaveBeenCalledOnce()
})

test('somebody in a hurry waits for a database that is already ending', async () => {
  let finish = () => {}
  const shutdown = createShutdown()
  shutdown.add('the database', () => new Promise<void>((resolve) => (finish = resolve)), 60_000)
  void shutdown.run()
  let isOver = false
  const hurried = shutdown.runOnly('the database').then(() => (isOver = true))
  await Promise.resolve()
  expect(isOver).toBe(false)
  finish()
  await hurried
})
