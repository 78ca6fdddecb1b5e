/** Lets work in as long as its sizes together stay within what there is room for. */
export type Room = {
  /** Runs `work` when there is room for `size`, in the order of asking. What is larger than the room has it alone. */
  use: <T>(size: number, work: () => Promise<T>) => Promise<T>
}

export function createRoom(total: number): Room {
  const waiting: { size: number; enter: () => void }[] = []
  let free = total

  function letIn(): void {
    for (let next = waiting[0]; next && next.size <= free; next = waiting[0]) {
      waiting.shift()
      free -= next.size
      next.enter()
    }
  }

  return {
    use: async (asked, work) => {
      const size = Math.min(asked, total)
      if (size === 0) return work()
      await new Promise<void>((resolve) => {
        waiting.push({ size, enter: resolve })
        letIn()
      })
      try {
        return await work()
      } finally {
        free += size
        letIn()
      }
    },
  }
}
