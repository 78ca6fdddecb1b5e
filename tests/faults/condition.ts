/** Waits for something that others change and tell of. */
export type Condition = {
  /** Has everybody who waits look again. */
  changed: () => void
  /** Resolves once `reached` holds. */
  until: (reached: () => boolean) => Promise<void>
}

export function createCondition(): Condition {
  const waiting = new Set<() => void>()
  return {
    changed: () => {
      for (const look of [...waiting]) look()
    },
    until: (reached) =>
      new Promise((resolve) => {
        const look = () => {
          if (!reached()) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}
