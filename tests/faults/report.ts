import { availableParallelism } from 'node:os'
import type { Result } from '#tests/faults/row'

const HEADINGS = ['fault', 'times', 'messages in', 'lost', 'repeated', 'out of order', 'recovered in', 'verdict']

/** The rows as a table for a terminal, which is also what the document holds. */
export function tableOf(results: Result[]): string {
  const lines = [HEADINGS, ...results.map(cellsOf)]
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)))
  const lineOf = (cells: string[]) =>
    cells.map((cell, column) =>
      isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    )
  return lines.map((cells) => lineOf(cells).join('  ').trimEnd()).join('\n')
}

const isNumber = (column: number) => column > 0 && column < HEADINGS.length - 1

function cellsOf({ name, made, count, answersLost, broken }: Result): string[] {
  return [
    name,
    String(made.injected),
    String(count.taken),
    String(count.lost),
    repeatedOf(count, answersLost),
    String(count.outOfOrder),
    `${(made.recoveryMs / 1000).toFixed(1)} s`,
    broken.length === 0 ? 'kept' : `BROKEN: ${broken.join(', ')}`,
  ]
}

function repeatedOf({ duplicated, otherId }: Result['count'], answersLost: number): string {
  if (duplicated === 0) return answersLost === 0 ? '0' : `0 of ${answersLost} unanswered`
  const ids = otherId === 0 ? 'same id' : `${otherId} under another id`
  return `${duplicated} of ${answersLost} unanswered, ${ids}`
}

type Circumstances = { command: string; date: Date; postgres: string; seconds: number }

/** The document: what was run, where, and what came of it. */
export function documentOf(results: Result[], { command, date, postgres, seconds }: Circumstances): string {
  const facts = `${availableParallelism()} cores, ${process.platform} ${process.arch}, Node ${process.version}, PostgreSQL ${postgres}`
  return `# Faults

What happens to messages when something breaks. A real server process on a real (embedded) Postgres; Front and the provider are
stand-ins that remember every message they took in, each behind a TCP proxy that breaks what it is told to break. This file is
written by the command itself.

\`\`\`
$ ${command}
${date.toISOString().slice(0, 10)}, ${facts}, ${Math.round(seconds)} s in all

${tableOf(results)}
\`\`\`

- **messages in**: answered for by Patchbay, with 202 to the provider or 200 to Front. Callers repeat an unanswered call.
- **lost**: of those, never seen on the other side.
- **repeated**: arrived more than once, out of so many whose answer was taken away after the other side had taken them in, and whether
  under the same id (\`webhook-id\` toward a provider, \`metadata.headers.patchbay_message_id\` toward Front).
- **out of order**: arrived after a later message of the same conversation and direction. Messages of a conversation are handed over one
  after the other, so that there is a right order.
- **recovered in**: from the end of the fault (from the kill, where a process is killed) until everything taken in had arrived. Attempts
  are a second apart here; a killed worker’s deliveries are taken up when their lease of 20 s has ended, an open circuit breaker probes after 30 s.

Kept is a row with nothing lost, nothing out of order, and repetitions only where an answer was lost and under the same id. Anything else
ends the command with an error. \`npm run faults -- hang\` runs the rows whose name holds that word.

## How each fault is made

Every row has conversations whose place in Front is known and some that nobody has heard of yet, and letters both ways in each.

${results.map(({ name, how, made }) => `- **${name}**: ${how}${made.told ? ` Seen: ${made.told}.` : ''}`).join('\n')}
`
}
