import type { Count } from '#tests/faults/count'
import type { Installation } from '#tests/faults/installation'
import { FRESH_TALK, type Line, openLine, talksOf } from '#tests/faults/line'

/** One kind of fault. */
export type Row = {
  name: string
  /** How it is made, in a sentence. */
  how: string
  run: (place: Place) => Promise<Made>
}

export type Place = { installation: Installation; line: Line }

/** What a row did. */
export type Made = {
  /** How often the fault hit. */
  injected: number
  /** From the end of the fault until everything had arrived. */
  recoveryMs: number
  /** Messages that the other side took in and whose answer was taken away, beside those where it noticed that itself. */
  answersLost?: number
  /** What else is worth knowing of how it went. */
  told?: string
  /** What did not go as it must, in words; beside the counts. */
  wrong?: string[]
}

/** Rows that share an installation. */
export type Group = { rows: Row[]; servers?: number; sideBySide?: boolean }

export type Result = { name: string; how: string; made: Made; count: Count; answersLost: number; broken: string[] }

/** Longer than any row takes that comes to an end. */
const ROW_MS = 240_000

export async function runRow(row: Row, installation: Installation): Promise<Result> {
  const { name, how } = row
  await Promise.all(installation.servers.map((server) => server.ensure()))
  const line = await openLine(installation, name)
  try {
    const made = await withinRow(row.run({ installation, line }))
    const count = line.count()
    const unnoticed = line.front.unanswered() + line.provider.unanswered()
    const answersLost = (made.answersLost ?? 0) + unnoticed
    const broken = [...judge(count, answersLost), ...(made.wrong ?? [])]
    return {
      name,
      how,
      made,
      count,
      answersLost,
      broken: made.injected > 0 ? broken : [...broken, 'nothing was broken'],
    }
  } catch (error) {
    const broken = [`the row could not be run: ${error instanceof Error ? error.message : String(error)}`]
    return { name, how, made: { injected: 0, recoveryMs: 0 }, count: line.count(), answersLost: 0, broken }
  } finally {
    await line.close()
  }
}

function withinRow(work: Promise<Made>): Promise<Made> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<Made>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${ROW_MS / 1000} s`)), ROW_MS)
  })
  return Promise.race([work, over]).finally(() => clearTimeout(timer))
}

/** What of the promise was broken: nothing lost, nothing out of order, twice only what had no answer, under one id. */
export function judge(count: Count, answersLost: number): string[] {
  const { taken, lost, duplicated, otherId, outOfOrder } = count
  return [
    ...(taken === 0 ? ['no message went in'] : []),
    ...(lost > 0 ? [`${lost} lost`] : []),
    ...(outOfOrder > 0 ? [`${outOfOrder} out of order`] : []),
    ...(otherId > 0 ? [`${otherId} repeated under another id`] : []),
    ...(duplicated > answersLost ? [`${duplicated} repeated, though only ${answersLost} answers were lost`] : []),
  ]
}

const KNOWN = 3
const FRESH = 3

/**
 * Conversations to send in: some that already carried a letter each way and whose place in Front is known, and some that
 * nobody has heard of yet, each with a visitor of its own for either way.
 */
export async function openTalks(line: Line): Promise<string[]> {
  const known = talksOf(`${line.name}-known`, KNOWN)
  await line.send(known, { directions: ['inbound'] })
  await line.paired(KNOWN)
  await line.send(known, { directions: ['outbound'] })
  await line.drained()
  return [...known, ...talksOf(`${line.name}-${FRESH_TALK}`, FRESH)]
}

/** How long until everything that was taken in had arrived, from now. */
export async function recovery(line: Line): Promise<number> {
  const endedAt = performance.now()
  await line.drained()
  return performance.now() - endedAt
}
