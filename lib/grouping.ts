export type GroupingOptions<In, Out> = {
  /** Does several at once, all or nothing; one result for each, in their order. */
  together: (group: In[]) => Promise<Out[]>
  /** Does one by itself, with the same end. */
  alone: (one: In) => Promise<Out>
  /** Whether a group that failed left nothing done, so that each may be done by itself. */
  isUndone: (error: unknown) => boolean
  weigh: (one: In) => number
  limits: {
    /** Fewer than this are done by themselves, at once. */
    fewest: number
    most: number
    /** Of a group; one that weighs more than half of it is done by itself. */
    mostWeight: number
    /** A group that takes longer than this lets the next one begin. */
    patienceMs: number
    mostAtOnce: number
  }
}

type Waiting<In, Out> = { one: In; resolve: (out: Out) => void; reject: (error: unknown) => void }

/**
 * Groups calls at once: what comes while a group is under way goes together in the next one. When it is quiet nothing
 * waits. Each call ends with its own result, never before it is done, and a group that fails is taken apart, so that
 * nobody fails because of a neighbour.
 */
export function createGrouping<In, Out>(options: GroupingOptions<In, Out>): (one: In) => Promise<Out> {
  const { limits, weigh, alone } = options
  const waiting: Waiting<In, Out>[] = []
  let running = 0
  /** Those that are not overdue yet. */
  let timely = 0
  let isPlanned = false

  function plan(): void {
    if (isPlanned || waiting.length === 0 || timely > 0 || running >= limits.mostAtOnce) return
    isPlanned = true
    // After whatever else this turn of the loop brings.
    setImmediate(() => {
      isPlanned = false
      start()
    })
  }

  function start(): void {
    const group = takeGroup(waiting, options)
    let isTimely = true
    running += 1
    timely += 1
    const passOn = () => {
      if (isTimely) timely -= 1
      isTimely = false
      plan()
    }
    const overdue = setTimeout(passOn, limits.patienceMs)
    void runGroup(group, options).finally(() => {
      clearTimeout(overdue)
      running -= 1
      passOn()
    })
  }

  return (one) => {
    if (weigh(one) > limits.mostWeight / 2) return alone(one)
    return new Promise((resolve, reject) => {
      waiting.push({ one, resolve, reject })
      plan()
    })
  }
}

function takeGroup<In, Out>(waiting: Waiting<In, Out>[], { weigh, limits }: GroupingOptions<In, Out>) {
  let weight = 0
  const fits = waiting.findIndex(({ one }, index) => {
    weight += weigh(one)
    return index === limits.most || weight > limits.mostWeight
  })
  return waiting.splice(0, fits === -1 ? waiting.length : fits)
}

async function runGroup<In, Out>(group: Waiting<In, Out>[], options: GroupingOptions<In, Out>): Promise<void> {
  if (group.length < options.limits.fewest) return runApart(group, options)
  try {
    const ends = await options.together(group.map(({ one }) => one))
    for (const [index, { resolve }] of group.entries()) resolve(ends[index] as Out) // one for each, by its contract
  } catch (error) {
    if (options.isUndone(error)) return runApart(group, options)
    for (const { reject } of group) reject(error)
  }
}

async function runApart<In, Out>(group: Waiting<In, Out>[], { alone }: GroupingOptions<In, Out>): Promise<void> {
  await Promise.all(group.map(({ one, resolve, reject }) => alone(one).then(resolve, reject)))
}
