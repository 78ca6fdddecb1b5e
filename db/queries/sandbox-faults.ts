import { and, asc, eq, gt, or, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { sandboxFaults } from '#db/schema/sandbox'

export type SandboxFault = typeof sandboxFaults.$inferSelect
export type SandboxSide = SandboxFault['side']
type Which = { side: SandboxSide; kind: string }

/** The switches that are on. */
export async function listSandboxFaults(db: Db, side?: SandboxSide): Promise<SandboxFault[]> {
  return db
    .select()
    .from(sandboxFaults)
    .where(
      and(
        side === undefined ? undefined : eq(sandboxFaults.side, side),
        or(gt(sandboxFaults.remaining, 0), gt(sandboxFaults.percent, 0)),
      ),
    )
    .orderBy(asc(sandboxFaults.side), asc(sandboxFaults.kind))
    .limit(50)
}

/** Takes one call off a switch that counts. False when another call took the last one. */
export async function spendSandboxFault(db: Db, { side, kind }: Which): Promise<boolean> {
  const rows = await db
    .update(sandboxFaults)
    .set({ remaining: sql`${sandboxFaults.remaining} - 1` })
    .where(and(eq(sandboxFaults.side, side), eq(sandboxFaults.kind, kind), gt(sandboxFaults.remaining, 0)))
    .returning({ kind: sandboxFaults.kind })
  return rows.length > 0
}

export async function putSandboxFault(db: Db, fault: typeof sandboxFaults.$inferInsert): Promise<void> {
  const { remaining = null, percent = null, everyCall = false, options } = fault
  await db
    .insert(sandboxFaults)
    .values(fault)
    .onConflictDoUpdate({
      target: [sandboxFaults.side, sandboxFaults.kind],
      set: { remaining, percent, everyCall, options, updatedAt: sql`now()` },
    })
}

/** @param which null switches everything off */
export async function deleteSandboxFaults(db: Db, which: Which | null): Promise<void> {
  const one = which ? and(eq(sandboxFaults.side, which.side), eq(sandboxFaults.kind, which.kind)) : undefined
  await db.delete(sandboxFaults).where(one)
}
