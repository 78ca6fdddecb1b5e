type Target = { channelId: string; direction: string; room: number; companyId: string | null }

type Sharing<T extends Target> = {
  targets: T[]
  /** How many may go in all. */
  most: number
  /** How many may use each Front company's calls. */
  companies: Map<string, number>
}

/** Divides what may go between targets: one each in turn, as long as each has room and its company has calls. */
export function shareOut<T extends Target>({ targets, most, companies }: Sharing<T>): (T & { n: number })[] {
  const left = new Map(companies)
  const shares = targets.map((target) => ({ ...target, n: 0 }))
  let given = 0
  for (let before = -1; given < most && given !== before; ) {
    before = given
    for (const share of shares) {
      const calls = share.companyId === null ? Number.POSITIVE_INFINITY : (left.get(share.companyId) ?? 0)
      if (given >= most || share.n >= share.room || calls < 1) continue
      share.n += 1
      given += 1
      if (share.companyId !== null) left.set(share.companyId, calls - 1)
    }
  }
  return shares.filter(({ n }) => n > 0)
}
