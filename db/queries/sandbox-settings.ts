import { sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { sandboxSettings } from '#db/schema/sandbox'

export type SandboxSettings = { visibleDelayMs: number; requestsPerMinute: number }

const DEFAULTS: SandboxSettings = { visibleDelayMs: 1500, requestsPerMinute: 200 }

export async function getSandboxSettings(db: Db): Promise<SandboxSettings> {
  const { visibleDelayMs, requestsPerMinute } = sandboxSettings
  const [row] = await db.select({ visibleDelayMs, requestsPerMinute }).from(sandboxSettings).limit(1)
  return row ?? DEFAULTS
}

export async function putSandboxSettings(db: Db, settings: SandboxSettings): Promise<void> {
  await db
    .insert(sandboxSettings)
    .values({ id: true, ...settings })
    .onConflictDoUpdate({ target: sandboxSettings.id, set: { ...settings, updatedAt: sql`now()` } })
}
