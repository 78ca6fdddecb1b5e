const GLOBAL = Symbol.for('patchbay.worker')

/** Kept on `globalThis`, because Next's bundle and our own server load their modules apart. */
const holder = globalThis as { [GLOBAL]?: boolean }

/** Says that a delivery worker lives in this process, or no longer does. */
export function setWorkerHere(isHere: boolean): void {
  holder[GLOBAL] = isHere
}

/** Where one lives, a commit wakes it by itself and nobody else needs to drain. */
export function isWorkerHere(): boolean {
  return holder[GLOBAL] === true
}
