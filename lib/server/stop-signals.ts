import { isShell, parentOf } from '#lib/server/processes'

/** A terminal and npm both pass on the same Ctrl-C: what follows so closely is the same one. */
const SAME_SIGNAL_MS = 700
const PARENT_LOOK_MS = 500

type Reactions = {
  /** The first signal to end, or the end of the npm that started us. */
  onStop: (reason: string) => void
  /** Another signal from a person who will not wait. */
  onHurry: () => void
}

/** @param startedByNpm a killed npm does not tell its child, which must notice by itself */
export function watchStopSignals({ onStop, onHurry }: Reactions, startedByNpm: boolean): void {
  let stoppedAt: number | undefined
  const stop = (reason: string) => {
    if (stoppedAt === undefined) {
      stoppedAt = performance.now()
      onStop(reason)
    } else if (performance.now() - stoppedAt > SAME_SIGNAL_MS) onHurry()
  }
  process.on('SIGINT', () => stop('Ctrl-C'))
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGHUP', () => stop('the terminal was closed'))
  if (startedByNpm) watchParent(() => stoppedAt === undefined && stop('npm has ended'))
}

/** npm starts us through a shell, which some shells stay around for: then npm is the one above it. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid
  const aboveShell = isShell(parent) ? parentOf(parent) : undefined
  const look = setInterval(() => {
    if (process.ppid === parent && (aboveShell === undefined || parentOf(parent) === aboveShell)) return
    clearInterval(look)
    onGone()
  }, PARENT_LOOK_MS)
  look.unref()
}
