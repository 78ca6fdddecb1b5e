import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { callers } from '#tests/faults/callers'
import { clock } from '#tests/faults/clock'
import { crashes } from '#tests/faults/crash'
import { database } from '#tests/faults/database'
import { deadlines } from '#tests/faults/deadline'
import { startInstallation } from '#tests/faults/installation'
import { documentOf, tableOf } from '#tests/faults/report'
import { type Group, type Result, type Row, runRow } from '#tests/faults/row'
import { wire } from '#tests/faults/wire'
import { threeWorkers, workers } from '#tests/faults/workers'
import { sweepTemporaryFolders } from '#tests/support/temporary-folder'

const GROUPS: Group[] = [callers, wire, crashes, workers, threeWorkers, database, clock, deadlines]
const DOCUMENT = path.resolve(import.meta.dirname, '../../docs/faults.md')

/** `npm run faults` runs every row and writes the document; `npm run faults -- hang` only the rows named so. */
async function main(): Promise<number> {
  const wanted = process.argv[2] ?? ''
  const startedAt = performance.now()
  const results: Result[] = []
  let postgres = ''
  await sweepTemporaryFolders()
  for (const group of GROUPS) {
    const rows = group.rows.filter(({ name }) => name.includes(wanted))
    if (rows.length === 0) continue
    const ran = await runGroup({ ...group, rows })
    results.push(...ran.results)
    postgres = ran.postgres
  }
  if (results.length === 0) {
    say(`No row has "${wanted}" in its name.`)
    return 2
  }
  say(`\n${tableOf(results)}`)
  const seconds = (performance.now() - startedAt) / 1000
  const circumstances = { command: 'npm run -s faults', date: new Date(), postgres, seconds }
  if (wanted === '') writeFileSync(DOCUMENT, documentOf(results, circumstances))
  return results.some(({ broken }) => broken.length > 0) ? 1 : 0
}

async function runGroup({ rows, servers, sideBySide }: Group): Promise<{ results: Result[]; postgres: string }> {
  const installation = await startInstallation({ servers })
  const run = async (row: Row) => {
    say(`${row.name} ...`)
    const result = await runRow(row, installation)
    say(`${row.name}: ${result.broken.length === 0 ? 'kept' : `BROKEN: ${result.broken.join(', ')}`}`)
    if (result.made.told) say(`  ${result.made.told}`)
    return result
  }
  try {
    const postgres = await installation.postgres.version()
    if (sideBySide) return { results: await Promise.all(rows.map(run)), postgres }
    const results: Result[] = []
    for (const row of rows) results.push(await run(row))
    return { results, postgres }
  } finally {
    await installation.stop()
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))
process.exit(await main())
