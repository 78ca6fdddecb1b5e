import { and, asc, desc, eq, gte, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { newId } from '#db/ids'
import { channels } from '#db/schema/channels'
import { companies } from '#db/schema/companies'
import { hourlyStats } from '#db/schema/hourly-stats'

const MAX_LISTED = 50

export type Company = typeof companies.$inferSelect
export type NewCompany = Pick<Company, 'name' | 'frontBaseUrl'> &
  Partial<Pick<Company, 'frontCompanyId' | 'apiTokenSealed' | 'apiSecretSealed' | 'isSandbox'>>

/** Says of each secret only whether it is set. */
const listed = {
  id: companies.id,
  name: companies.name,
  frontBaseUrl: companies.frontBaseUrl,
  frontCompanyId: companies.frontCompanyId,
  isSandbox: companies.isSandbox,
  hasApiToken: sql<boolean>`${companies.apiTokenSealed} is not null`,
  hasApiSecret: sql<boolean>`${companies.apiSecretSealed} is not null`,
  holdUntil: companies.holdUntil,
  holdReason: companies.holdReason,
  rateLimit: companies.rateLimit,
  rateRemaining: companies.rateRemaining,
  rateSeenAt: companies.rateSeenAt,
}

export type ListedCompany = Awaited<ReturnType<typeof listCompanies>>[number]

/** The real companies first, then the sandbox. */
export async function listCompanies(db: Db) {
  return db.select(listed).from(companies).orderBy(asc(companies.isSandbox), asc(companies.id)).limit(MAX_LISTED)
}

const MAX_USERS = 5

/** Who made the most attempts to bring messages to a company since a full hour, from the counters; at most five channels. */
export async function listQuotaUsers(db: Db, { companyId, since }: { companyId: string; since: Date }) {
  const attempts = sql<number>`sum(${hourlyStats.attempts})::int`
  return db
    .select({ channelId: channels.id, name: channels.name, attempts })
    .from(hourlyStats)
    .innerJoin(channels, eq(channels.id, hourlyStats.channelId))
    .where(and(eq(channels.companyId, companyId), eq(hourlyStats.direction, 'inbound'), gte(hourlyStats.hour, since)))
    .groupBy(channels.id, channels.name)
    .orderBy(desc(attempts), asc(channels.id))
    .limit(MAX_USERS)
}

/** With its sealed secrets: for flows only. */
export async function findCompany(db: Db, id: string): Promise<Company | null> {
  const [row] = await db.select().from(companies).where(eq(companies.id, id)).limit(1)
  return row ?? null
}

export async function insertCompany(db: Db, company: NewCompany): Promise<Company> {
  const [row] = await db
    .insert(companies)
    .values({ id: newId(), ...company })
    .returning()
  if (!row) throw new Error('The company was not stored.')
  return row
}

export type CompanyChange = Partial<
  Pick<Company, 'name' | 'frontBaseUrl' | 'frontCompanyId' | 'apiTokenSealed' | 'apiSecretSealed'>
>

export async function updateCompany(db: Db, id: string, change: CompanyChange, now: Date): Promise<void> {
  await db
    .update(companies)
    .set({ ...change, updatedAt: now })
    .where(eq(companies.id, id))
}
