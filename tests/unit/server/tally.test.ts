import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { addTallies, tallyLine, tallyPlaywright, tallyVitest } from '#tests/support/tally'

const folder = mkdtempSync(path.join(tmpdir(), 'patchbay-tally-'))
afterAll(() => rmSync(folder, { recursive: true }))

function report(name: string, content: unknown): string {
  const file = path.join(folder, name)
  writeFileSync(file, JSON.stringify(content))
  return file
}

const vitest = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: [] }
const playwright = { stats: { expected: 3, unexpected: 0, flaky: 1, skipped: 0 } }

test('both runners are added up', () => {
  const sum = addTallies([tallyVitest(report('v', vitest), 1), tallyPlaywright(report('p', playwright), 0)])
  expect(sum).toEqual({ passed: 9, failed: 1, skipped: 3 })
})

test('the last line names skipped tests only if there are any', () => {
  expect(tallyLine({ passed: 9, failed: 0, skipped: 0 })).toBe('9 passed, 0 failed')
  expect(tallyLine({ passed: 9, failed: 1, skipped: 3 })).toBe('9 passed, 1 failed, 3 skipped')
})

test('a file that can not be loaded counts as failed', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }]
  const broken = { ...vitest, numFailedTests: 0, testResults }
  expect(tallyVitest(report('broken', broken), 1).failed).toBe(1)
})

test('a runner that ends with an error has failed even if no test did, and so has one that says nothing', () => {
  expect(tallyPlaywright(report('p', playwright), 1).failed).toBe(1)
  expect(tallyVitest(path.join(folder, 'absent'), 1)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})
