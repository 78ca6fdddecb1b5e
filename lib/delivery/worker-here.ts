const GLOBAL = Symbol.for('patchbay.worker')

/** Kept on `globalThis`, because Next's bundle and our own server load their modules apart. */
const holder = globalThis as { [GLOBAL]?: (() => void) | null }

/** Tells how the delivery worker of this process is woken; null when it is gone. */
export function setWorkerHere(wake: (() => void) | null): void {
  holder[GLOBAL] = wake
}

/** Wakes the worker of this process. False where none lives. */
export function wakeWorkerHere(): boolean {
  holder[GLOBAL]?.()
  return Boolean(holder[GLOBAL])
}
