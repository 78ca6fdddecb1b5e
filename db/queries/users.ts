import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { newId } from '#db/ids'
import { type Role, users } from '#db/schema/users'

const MAX_LISTED = 500

export type User = typeof users.$inferSelect
export type NewUser = { email: string; name: string; role: Role; passwordHash: string | null }

/** Everything but the password hash, for pages. */
const listed = {
  id: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  disabledAt: users.disabledAt,
  lastSignedInAt: users.lastSignedInAt,
  createdAt: users.createdAt,
}
export type ListedUser = Pick<User, keyof typeof listed>

/** Null when somebody with that e-mail exists already. */
export async function insertUser(db: Db, user: NewUser): Promise<User | null> {
  const [row] = await db
    .insert(users)
    .values({ id: newId(), ...user })
    .onConflictDoNothing()
    .returning()
  return row ?? null
}

export async function findUserByEmail(db: Db, email: string): Promise<User | null> {
  const [row] = await db
    .select()
    .from(users)
    .where(eq(sql`lower(${users.email})`, email.toLowerCase()))
    .limit(1)
  return row ?? null
}

export async function findUserById(db: Db, id: string): Promise<User | null> {
  const [row] = await db.select().from(users).where(eq(users.id, id)).limit(1)
  return row ?? null
}

export type SessionRow = { id: string; email: string; name: string; role: Role }

/** Whose session this is: null once the person is switched off or the session's epoch has passed. */
export async function findSessionUser(
  db: Db,
  { userId, epoch }: { userId: string; epoch: number },
): Promise<SessionRow | null> {
  const [row] = await db
    .select({ id: users.id, email: users.email, name: users.name, role: users.role })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.sessionEpoch, epoch), isNull(users.disabledAt)))
    .limit(1)
  return row ?? null
}

export async function listUsers(db: Db): Promise<ListedUser[]> {
  return db.select(listed).from(users).orderBy(asc(users.id)).limit(MAX_LISTED)
}

export type UserChange = Partial<Pick<User, 'name' | 'role' | 'passwordHash' | 'disabledAt' | 'lastSignedInAt'>>

export async function updateUser(db: Db, id: string, change: UserChange): Promise<User | null> {
  const [row] = await db.update(users).set(change).where(eq(users.id, id)).returning()
  return row ?? null
}

/** Signs a person out everywhere. The new epoch, for a session that is to go on. */
export async function raiseSessionEpoch(db: Db, id: string): Promise<number> {
  const [row] = await db
    .update(users)
    .set({ sessionEpoch: sql`${users.sessionEpoch} + 1` })
    .where(eq(users.id, id))
    .returning({ epoch: users.sessionEpoch })
  if (!row) throw new Error('No such user.')
  return row.epoch
}

/** How many owners can sign in. Locks them, so that two people cannot take away the last two at once. */
export async function countActiveOwners(db: Db): Promise<number> {
  const owners = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'owner'), isNull(users.disabledAt)))
    .orderBy(asc(users.id))
    .limit(MAX_LISTED)
    .for('update')
  return owners.length
}
