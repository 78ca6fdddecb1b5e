import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

export type Tally = { passed: number; failed: number; skipped: number }

const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
})

/** @param code exit code of vitest, which also knows of failures outside of any test */
export function tallyVitest(file: string, code: number): Tally {
  const report = read(file, vitestSchema)
  if (!report) return nothingButFailure
  // A file that can't even be loaded has no tests that could fail.
  const broken = report.testResults.filter((one) => one.status === 'failed' && one.assertionResults.length === 0).length
  return honest(code, {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
  })
}

/** @param code exit code of Playwright, which also knows of failures outside of any test */
export function tallyPlaywright(file: string, code: number): Tally {
  const report = read(file, playwrightSchema)
  if (!report) return nothingButFailure
  const { expected, unexpected, flaky, skipped } = report.stats
  return honest(code, { passed: expected + flaky, failed: unexpected, skipped })
}

export function addTallies(tallies: Tally[]): Tally {
  const sum = (kind: keyof Tally) => tallies.reduce((total, tally) => total + tally[kind], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

export function tallyLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

const nothingButFailure: Tally = { passed: 0, failed: 1, skipped: 0 }

/** A runner that ends with an error has failed, even if it counts no failed test. */
function honest(code: number, tally: Tally): Tally {
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally
}

function read<T>(file: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(file)) return undefined
  return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
}
