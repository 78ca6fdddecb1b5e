import type { Db } from '#db/client'
import { runPrepared } from '#db/prepared'

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

// `$1` is the channel. One limited statement for each trace: what is not known costs an index probe.
const TRACE = `
  select f.by, c.id, c.reference, c.contact_handle as handle, e.id as echo_id, e.reference as echo_reference
  from (select 1) one
  left join lateral (
    select * from (
      select 'named', 1, n.nth, c.id
        from jsonb_array_elements_text($2::text::jsonb) with ordinality n (reference, nth)
        join conversations c on c.channel_id = $1::uuid and c.reference = n.reference and c.kind = 'conversation'
      union all select 'named_before', 1, n.nth, a.conversation_id
        from jsonb_array_elements_text($2::text::jsonb) with ordinality n (reference, nth)
        join conversation_aliases a on a.channel_id = $1::uuid and a.reference = n.reference
      union all select 'front_conversation', 2, 0, fc.conversation_id from front_conversations fc
        where fc.channel_id = $1::uuid and fc.front_conversation_id = $3::text
      union all select 'replied_to', 3, 0, m.conversation_id from message_keys k join messages m on m.id = k.message_id
        where k.channel_id = $1::uuid and k.kind = 'front' and k.value = $4::text
      union all select 'own_id', 4, 0, m.conversation_id from messages m
        where m.id = $5::uuid and m.channel_id = $1::uuid
      union all (select 'reference', 5, 0, c.id from conversations c
        where c.channel_id = $1::uuid and c.reference = $6::text order by c.last_message_at desc limit 1)
    ) t (by, place, nth, conversation_id) order by t.place, t.nth, t.by limit 1
  ) f on true
  left join conversations c on c.id = f.conversation_id
  left join lateral (
    select m.id, m.reference from message_keys k join messages m on m.id = k.message_id
    where k.channel_id = $1::uuid and m.direction = 'inbound'
      and ((k.kind = 'uid' and k.value = $7::text) or (k.kind = 'front' and k.value = $8::text)) limit 1
  ) e on true`

/**
 * What we know of a message that Front posts, in one query: the conversation it belongs to, by the strongest trace. Where
 * Front names one of our references and one that another conversation had before, the reference counts.
 */
export async function traceFrontMessage(db: Db, traces: FrontTraces): Promise<Trace> {
  const { channelId, named, frontConversationId, repliedToId, ownMessageId, reference } = traces
  const [row] = await runPrepared<
    Record<'by' | 'id' | 'reference' | 'handle' | 'echo_id' | 'echo_reference', string | null>
  >(db, TRACE, [
    channelId,
    JSON.stringify(named),
    frontConversationId,
    repliedToId,
    ownMessageId,
    reference,
    traces.messageUid,
    traces.frontMessageId,
  ])
  const by = TRACES.find((kind) => kind === row?.by)
  const { id, handle } = row ?? {}
  return {
    found: row && by && id ? { by, id, reference: row.reference, contactHandle: handle ?? '' } : null,
    echo: row?.echo_id ? { id: row.echo_id, reference: row.echo_reference } : null,
  }
}
