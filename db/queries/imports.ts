import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { conversations } from '#db/schema/conversations'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'

export type ImportTraces = {
  channelId: string
  messageUid: string | null
  /** Our own ids, as Front gave them back. */
  ownIds: string[]
  frontMessageId: string
  autoreplyKey: string
}

/** Our record of a message that Front imported, by the strongest trace. Null when there is none. */
export async function findImported(db: Db, traces: ImportTraces) {
  const { channelId, messageUid, ownIds, frontMessageId, autoreplyKey } = traces
  const [row] = await db.execute<{ id: string; conversation_id: string; reference: string | null }>(sql`
    select m.id, m.conversation_id, c.reference from (
      select k.message_id as id, case k.kind when 'uid' then 0 when 'front' then 2 else 3 end as place
      from ${messageKeys} k where k.channel_id = ${channelId} and (
        (k.kind = 'uid' and k.value = ${messageUid}::text) or (k.kind = 'front' and k.value = ${frontMessageId})
        or (k.kind = 'front_autoreply' and k.value = ${autoreplyKey}))
      union all select own.id::uuid, 1 from jsonb_array_elements_text(${JSON.stringify(ownIds)}::text::jsonb) own (id)
    ) named
    join ${messages} m on m.id = named.id and m.channel_id = ${channelId}
    join ${conversations} c on c.id = m.conversation_id
    order by named.place limit 1`)
  return row ? { id: row.id, conversationId: row.conversation_id, reference: row.reference } : null
}

/** Names an auto-reply that Front has imported as Front does; a uid that is known stays. */
export async function noteMessageUid(
  db: Db,
  { messageId, messageUid }: { messageId: string; messageUid: string },
): Promise<void> {
  const unnamed = and(eq(messages.id, messageId), sql`${messages.messageUid} is null`)
  await db.update(messages).set({ messageUid }).where(unnamed)
}
