import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { runPrepared } from '#db/prepared'
import type { channelKeys } from '#db/schema/channel-keys'
import { channels } from '#db/schema/channels'
import { conversationAliases, conversations } from '#db/schema/conversations'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'

export type Door = Pick<
  typeof channels.$inferSelect,
  | 'id'
  | 'key'
  | 'companyId'
  | 'kind'
  | 'contactType'
  | 'defaultCountry'
  | 'threading'
  | 'receiveOnly'
  | 'maxBodyBytes'
  | 'requestsPerMinute'
  | 'signatureVariant'
> & {
  apiSecretSealed: string | null
  /** Newest first; those that have ended are left out. */
  keys: Pick<typeof channelKeys.$inferSelect, 'purpose' | 'tokenHash' | 'secretSealed'>[]
}

// More keys than a channel ever has at once, rotations included, are not looked at.
const FIND_DOORS = `
  select c.id, c.key, c.company_id as "companyId", c.kind, c.contact_type as "contactType", c.default_country as "defaultCountry",
    c.threading, c.receive_only as "receiveOnly", c.max_body_bytes as "maxBodyBytes",
    c.requests_per_minute as "requestsPerMinute", c.signature_variant as "signatureVariant",
    co.api_secret_sealed as "apiSecretSealed",
    array(select jsonb_build_object('purpose', k.purpose, 'tokenHash', k.token_hash, 'secretSealed', k.secret_sealed)
          from channel_keys k where k.channel_id = c.id and (k.expires_at is null or k.expires_at > $1::timestamptz)
          order by k.created_at desc, k.id desc limit 20) as keys
  from channels c join companies co on co.id = c.company_id
  where c.key = any($2::text::text[]) and c.archived_at is null`

/** All that a public endpoint must know of the channels that URLs name. Unknown and archived ones are left out. */
export async function findDoors(
  db: Db,
  { channelKeys: keys, now }: { channelKeys: string[]; now: Date },
): Promise<Map<string, Door>> {
  const list = `{${keys.map((key) => JSON.stringify(key)).join(',')}}`
  const doors = await runPrepared<Door>(db, FIND_DOORS, [now.toISOString(), list])
  return new Map(doors.map((door) => [door.key, door]))
}

type Contact = { channelId: string; contactHandle: string }

/** Until the caller's transaction ends, nobody else decides about this contact's conversations. */
export async function lockContact(db: Db, { channelId, contactHandle }: Contact): Promise<void> {
  const name = `${channelId} ${contactHandle}`
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
}

/** Until the caller's transaction ends, nobody else begins a conversation that Front names so. */
export async function lockReference(
  db: Db,
  { channelId, reference }: { channelId: string; reference: string },
): Promise<void> {
  // No contact is called so: handles are trimmed.
  await lockContact(db, { channelId, contactHandle: `\treference ${reference}` })
}

/** The contact's conversation that last saw a message. */
export async function findLatestConversation(db: Db, { channelId, contactHandle }: Contact) {
  const [row] = await db
    .select({
      id: conversations.id,
      key: conversations.key,
      reference: conversations.reference,
      createdAt: conversations.createdAt,
      lastMessageAt: conversations.lastMessageAt,
    })
    .from(conversations)
    .where(and(eq(conversations.channelId, channelId), eq(conversations.contactHandle, contactHandle)))
    .orderBy(desc(conversations.lastMessageAt), desc(conversations.id))
    .limit(1)
  return row ?? null
}

/** Whether a conversation of this key is there. */
export async function hasConversation(
  db: Db,
  { channelId, key }: { channelId: string; key: string },
): Promise<boolean> {
  const place = and(eq(conversations.channelId, channelId), eq(conversations.key, key))
  const rows = await db.select({ id: conversations.id }).from(conversations).where(place).limit(1)
  return rows.length > 0
}

/** Names a conversation that Front threads by sender so far; a no-op where it has a reference. */
export async function giveReference(
  db: Db,
  { conversationId, reference }: { conversationId: string; reference: string },
): Promise<void> {
  const unnamed = and(eq(conversations.id, conversationId), isNull(conversations.reference))
  await db.update(conversations).set({ reference }).where(unnamed)
}

/** Notes other references by which Front names a conversation; one that is noted already stays where it is. */
export async function addAliases(
  db: Db,
  { channelId, conversationId, references }: { channelId: string; conversationId: string; references: string[] },
): Promise<void> {
  if (references.length === 0) return
  // In one order for everybody, or two calls at once might wait for one another.
  const rows = [...references].sort().map((reference) => ({ channelId, conversationId, reference }))
  await db.insert(conversationAliases).values(rows).onConflictDoNothing()
}

/**
 * The conversation that a provider names by our key, by its reference, or by another reference that Front has told for
 * it; our key first. Null when it would be a new one.
 */
export async function findByReference(db: Db, { channelId, key }: { channelId: string; key: string }) {
  const [row] = await db.execute<{ id: string }>(sql`
    select c.id from ${conversations} c
    where c.channel_id = ${channelId} and c.kind = 'conversation' and (c.key = ${key} or c.reference = ${key}
      or c.id = (select a.conversation_id from ${conversationAliases} a
                 where a.channel_id = ${channelId} and a.reference = ${key}))
    order by c.key = ${key} desc, c.reference = ${key} desc, c.last_message_at desc limit 1`)
  return row ? { id: row.id } : null
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Our id of a message of this channel that a provider names by our id, by its own, or by the one it gave in an answer. */
export async function findReferenced(db: Db, { channelId, named }: { channelId: string; named: string }) {
  const own = UUID.test(named) ? named : null
  const [row] = await db.execute<{ id: string }>(sql`
    select m.id from (
      select ${own}::uuid as id, 0 as place
      union all select k.message_id, 1 from ${messageKeys} k
      where k.channel_id = ${channelId} and k.kind in ('provider', 'provider_answer') and k.value = ${named}) named
    join ${messages} m on m.id = named.id
    where m.channel_id = ${channelId} order by named.place, m.id limit 1`)
  return row?.id ?? null
}

/** Notes which signature variant Front uses; a no-op when it is the one we know. */
export async function noteSignatureVariant(db: Db, { channelId, variant }: { channelId: string; variant: string }) {
  await db.update(channels).set({ signatureVariant: variant }).where(eq(channels.id, channelId))
}
