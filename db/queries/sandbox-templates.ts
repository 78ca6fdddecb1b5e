import { and, asc, eq, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { sandboxChannels } from '#db/schema/sandbox'
import { sandboxTemplates } from '#db/schema/sandbox-extras'

const MAX_TEMPLATES = 200

export type SandboxTemplate = typeof sandboxTemplates.$inferSelect
export type SandboxTemplateChange = Partial<Omit<SandboxTemplate, 'id' | 'channelId' | 'externalId' | 'updatedAt'>>

type Name = { channelId: string; externalId: string }

/** Stores a template under its external id, or replaces it. Returns the id that it has had from the first time on. */
export async function putSandboxTemplate(db: Db, template: SandboxTemplate): Promise<string> {
  const { id: _id, channelId: _channel, externalId: _external, ...content } = template
  const [row] = await db
    .insert(sandboxTemplates)
    .values(template)
    .onConflictDoUpdate({ target: [sandboxTemplates.channelId, sandboxTemplates.externalId], set: content })
    .returning({ id: sandboxTemplates.id })
  if (!row) throw new Error('The sandbox template was not stored')
  return row.id
}

/** Null when there is no such template. */
export async function updateSandboxTemplate(
  db: Db,
  { channelId, externalId }: Name,
  change: SandboxTemplateChange & { updatedAt: Date },
): Promise<string | null> {
  const fits = and(eq(sandboxTemplates.channelId, channelId), eq(sandboxTemplates.externalId, externalId))
  const [row] = await db.update(sandboxTemplates).set(change).where(fits).returning({ id: sandboxTemplates.id })
  return row?.id ?? null
}

/** By channel and name, with the channel's name. */
export async function listSandboxTemplates(db: Db) {
  return db
    .select({ template: sandboxTemplates, channelName: sql<string>`${sandboxChannels.name}` })
    .from(sandboxTemplates)
    .innerJoin(sandboxChannels, eq(sandboxChannels.id, sandboxTemplates.channelId))
    .orderBy(asc(sandboxChannels.name), asc(sandboxTemplates.name), asc(sandboxTemplates.id))
    .limit(MAX_TEMPLATES)
}
