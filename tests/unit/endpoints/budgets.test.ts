import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { LONGEST_CARRY_MS } from '#lib/delivery/drain'
import { DRAIN_MS } from '#lib/endpoints/cron'
import { PASS_MS } from '#lib/endpoints/start-delivery'

// On a host of functions nothing may go on for longer than its function lives: what is cut off is sent once more.
const APP = path.resolve(import.meta.dirname, '../../../app')
/** Before the pass begins: an upload that is read, a page that is made. */
const ANSWER_MS = 50_000
/** After it: to write down what was in flight. */
const SETTLE_MS = 5_000

const files = readdirSync(APP, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('route.ts') || file === 'layout.tsx')
  .map((file) => ({ file, text: readFileSync(path.join(APP, file), 'utf8') }))

const durationMs = (text: string) => Number(/^export const maxDuration = (\d+)$/m.exec(text)?.[1] ?? 0) * 1000

test('every function that works on after its answer lives long enough for the pass and for what is in flight then', () => {
  const working = files.filter(({ file, text }) => file === 'layout.tsx' || /\bafter\b|\bmount\(/.test(text))
  expect(working.length).toBeGreaterThan(15)
  const short = working.filter(({ text }) => durationMs(text) < ANSWER_MS + PASS_MS + LONGEST_CARRY_MS + SETTLE_MS)
  expect(short.map(({ file }) => file)).toEqual([])
})

test('a pass of the cron ends within its function, and claims nothing any more when the next one comes', () => {
  const cron = files.find(({ file }) => file === path.join('api', 'cron', 'drain', 'route.ts'))
  expect(durationMs(cron?.text ?? '')).toBeGreaterThanOrEqual(DRAIN_MS + LONGEST_CARRY_MS + SETTLE_MS)
  expect(DRAIN_MS).toBeLessThan(60_000)
})
