import { sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { conversationAliases, conversations, frontConversations } from '#db/schema/conversations'
import { messageKeys } from '#db/schema/message-keys'
import { messages } from '#db/schema/messages'

/** What leads to a conversation, the strongest first. named: Front told one of its references, or one it had before. */
export const TRACES = ['named', 'named_before', 'front_conversation', 'replied_to', 'own_id', 'reference'] as const
export type TraceKind = (typeof TRACES)[number]

export type FrontTraces = {
  channelId: string
  /** `external_conversation_ids`, in Front's order. */
  named: string[]
  frontMessageId: string | null
  messageUid: string | null
  frontConversationId: string | null
  repliedToId: string | null
  /** Our own message id, when Front gave it back. */
  ownMessageId: string | null
  /** A custom channel's `thread_ref`. */
  reference: string | null
}

export type FoundConversation = { by: TraceKind; id: string; reference: string | null; contactHandle: string }

export type Trace = {
  found: FoundConversation | null
  /** Our own message, when it is one that we brought to Front ourselves. */
  echo: { id: string; reference: string | null } | null
}

/** What we know of a message that Front posts, in one query: the conversation it belongs to, by the strongest trace. */
export async function traceFrontMessage(db: Db, traces: FrontTraces): Promise<Trace> {
  const { channelId, frontConversationId, ownMessageId, reference } = traces
  const [row] = await db.execute<
    Record<'by' | 'id' | 'reference' | 'handle' | 'echo_id' | 'echo_reference', string | null>
  >(sql`
    select f.by, c.id, c.reference, c.contact_handle as handle, e.id as echo_id, e.reference as echo_reference
    from (select 1) one
    left join lateral (
      select * from (
        ${namedConversations(traces)}
        union all select 'front_conversation', 2, 0, fc.conversation_id from ${frontConversations} fc
          where fc.channel_id = ${channelId} and fc.front_conversation_id = ${frontConversationId}::text
        union all select 'replied_to', 3, 0, m.conversation_id from ${messageKeys} k join ${messages} m on m.id = k.message_id
          where k.channel_id = ${channelId} and k.kind = 'front' and k.value = ${traces.repliedToId}::text
        union all select 'own_id', 4, 0, m.conversation_id from ${messages} m
          where m.id = ${ownMessageId}::uuid and m.channel_id = ${channelId}
        union all (select 'reference', 5, 0, c.id from ${conversations} c
          where c.channel_id = ${channelId} and c.reference = ${reference}::text order by c.last_message_at desc limit 1)
      ) t (by, place, nth, conversation_id) order by t.place, t.nth, t.by limit 1
    ) f on true
    left join ${conversations} c on c.id = f.conversation_id
    left join lateral (
      select m.id, m.reference from ${messageKeys} k join ${messages} m on m.id = k.message_id
      where k.channel_id = ${channelId} and m.direction = 'inbound'
        and ((k.kind = 'uid' and k.value = ${traces.messageUid}::text)
          or (k.kind = 'front' and k.value = ${traces.frontMessageId}::text)) limit 1
    ) e on true`)
  const by = TRACES.find((kind) => kind === row?.by)
  const { id, handle } = row ?? {}
  return {
    found: row && by && id ? { by, id, reference: row.reference, contactHandle: handle ?? '' } : null,
    echo: row?.echo_id ? { id: row.echo_id, reference: row.echo_reference } : null,
  }
}

/** In the order in which Front names them; where one is a reference and was another's before, it is the reference. */
function namedConversations({ channelId, named }: FrontTraces) {
  const list = sql`jsonb_array_elements_text(${JSON.stringify(named)}::text::jsonb) with ordinality n (reference, nth)`
  return sql`
    select 'named', 1, n.nth, c.id from ${list} join ${conversations} c
      on c.channel_id = ${channelId} and c.reference = n.reference and c.kind = 'conversation'
    union all select 'named_before', 1, n.nth, a.conversation_id from ${list} join ${conversationAliases} a
      on a.channel_id = ${channelId} and a.reference = n.reference`
}
