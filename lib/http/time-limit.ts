/** How much of a time limit is left. By the process's own clock, which nobody sets back. */
export type TimeLimit = { leftMs: () => number }

export function startTimeLimit(totalMs: number): TimeLimit {
  const endsAt = performance.now() + totalMs
  return { leftMs: () => endsAt - performance.now() }
}

/** Whichever comes first: what the work gives, or what stands for it once the limit is over. The work itself goes on. */
export async function withinLimit<T, Else>(
  limit: TimeLimit,
  work: Promise<T>,
  otherwise: () => Else,
): Promise<T | Else> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<Else>((resolve) => {
    timer = setTimeout(() => resolve(otherwise()), Math.max(0, limit.leftMs()))
  })
  try {
    return await Promise.race([work, over])
  } finally {
    clearTimeout(timer)
  }
}
