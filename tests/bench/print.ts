import type { LoadResult } from '#tests/bench/load'

export function print(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(46)} ${value}\n`)
}

export const LOAD_HEAD = 'per second   p50 ms   p99 ms   failures'

export function printLoad(name: string, { perSecond, p50Ms, p99Ms, failures }: LoadResult): void {
  const cells = [perSecond.toFixed(0).padStart(10), p50Ms.toFixed(1).padStart(8), p99Ms.toFixed(1).padStart(8)]
  print(`  ${name}`, `${cells.join(' ')} ${String(failures).padStart(10)}`)
}

/** A ratio beside what it should be. */
export function printRatio(name: string, ratio: number, target: string): void {
  print(`  ${name}`, `${ratio.toFixed(2)} (target ${target})`)
}
