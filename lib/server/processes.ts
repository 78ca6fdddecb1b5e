import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** Whether a process runs. A zombie, whose parent has not yet noticed its end, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return hasCode(error, 'EPERM')
  }
  return statOf(pid)[0] !== 'Z'
}

/** The command line of a process, or undefined where it can't be read. */
export function commandOf(pid: number): string | undefined {
  try {
    if (existsSync('/proc/self/cmdline')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' })
  } catch {
    return undefined
  }
}

/** Sends a signal; a process that has already gone is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error
  }
}

/** Looks every few milliseconds until `reached` says so. @returns whether it did before the time was up */
export async function waitUntil(reached: () => boolean, timeoutMs: number, everyMs = 20): Promise<boolean> {
  const end = performance.now() + timeoutMs
  while (!reached()) {
    if (performance.now() > end) return false
    await pause(everyMs)
  }
  return true
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Whether a process is a shell that runs one command, as npm starts its scripts. */
export function isShell(pid: number): boolean {
  return /^\S*sh -c /.test(commandOf(pid) ?? '')
}

/** The parent of a process, where the system tells (Linux). */
export function parentOf(pid: number): number | undefined {
  return Number(statOf(pid)[1]) || undefined
}

/** State letter, parent and so on, on Linux; empty elsewhere. The name before them may hold spaces and brackets. */
function statOf(pid: number): string[] {
  try {
    return (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '').split(' ')
  } catch {
    return []
  }
}
