-- Stores a new message with everything that belongs to it and puts its delivery in its lane: one statement, so one round
-- trip, and all or nothing also without a transaction around it. A message whose key is known changes nothing.
-- p: { message: a row of messages without conversation_id, reference and starts_conversation,
--      key: { kind, value, body_hash } or null,
--      conversation: { id } of a known one, or { id, key, reference, contact_handle, contact_name, is_test } to make at need,
--      front_conversation_id }
-- A reply waits for the one before it in Front's conversation where that waits in another lane: the pairing has moved.
-- Locks in this order: key, Front's conversation, lane, conversation. Settling takes the lane before the conversation too.
CREATE OR REPLACE FUNCTION store_message(p jsonb)
RETURNS TABLE (outcome text, message_id uuid, conversation_id uuid, conversation_key text, reference text, is_new boolean)
LANGUAGE plpgsql VOLATILE ROWS 1 SET jit = off AS $$
#variable_conflict use_column
DECLARE
  m messages; c conversations; front text := p->>'front_conversation_id';
  k message_keys; made boolean := false; last_reply uuid; after uuid;
BEGIN
  m := jsonb_populate_record(null::messages, p->'message');
  IF jsonb_typeof(p->'key') = 'object' THEN
    k := jsonb_populate_record(null::message_keys, p->'key');
    -- Waits for a transaction that is storing the same message right now.
    INSERT INTO message_keys (channel_id, kind, value, message_id, body_hash)
      VALUES (m.channel_id, k.kind, k.value, m.id, k.body_hash) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      RETURN QUERY
        SELECT CASE WHEN known.body_hash IS DISTINCT FROM k.body_hash AND known.body_hash IS NOT NULL AND k.body_hash IS NOT NULL
                    THEN 'conflict' ELSE 'duplicate' END,
               known.message_id, old.conversation_id, cv.key, old.reference, coalesce(old.starts_conversation, false)
        FROM message_keys known
        LEFT JOIN messages old ON old.id = known.message_id
        LEFT JOIN conversations cv ON cv.id = old.conversation_id
        WHERE known.channel_id = m.channel_id AND known.kind = k.kind AND known.value = k.value;
      RETURN;
    END IF;
  END IF;

  IF p->'conversation' ? 'key' THEN
    SELECT * INTO c FROM conversations cv WHERE cv.channel_id = m.channel_id AND cv.key = p->'conversation'->>'key';
    IF NOT FOUND THEN
      c := jsonb_populate_record(null::conversations, p->'conversation');
      INSERT INTO conversations (id, channel_id, key, reference, contact_handle, contact_name, front_conversation_id, is_test)
        VALUES (c.id, m.channel_id, c.key, c.reference, c.contact_handle, c.contact_name, front, coalesce(c.is_test, false))
        ON CONFLICT (channel_id, key) DO NOTHING;
      made := FOUND;
      IF NOT made THEN  -- another first message was quicker
        SELECT * INTO STRICT c FROM conversations cv
          WHERE cv.channel_id = m.channel_id AND cv.key = p->'conversation'->>'key';
      END IF;
    END IF;
  ELSE
    SELECT * INTO STRICT c FROM conversations cv
      WHERE cv.channel_id = m.channel_id AND cv.id = (p->'conversation'->>'id')::uuid;
  END IF;

  INSERT INTO messages (id, channel_id, conversation_id, direction, kind, is_test, external_id, contact_handle, contact_name, author,
      recipients, subject, body, body_format, body_text, raw, attachments, headers, reference, thread_reason,
      starts_conversation, signature_variant, front_state, message_uid, front_message_id, front_conversation_id, sent_at, referenced_message_id)
    VALUES (m.id, m.channel_id, c.id, m.direction, coalesce(m.kind, 'message'), coalesce(m.is_test, false), m.external_id, m.contact_handle, m.contact_name, m.author,
      m.recipients, m.subject, m.body, m.body_format, m.body_text, m.raw, m.attachments, m.headers, c.reference, m.thread_reason,
      made, m.signature_variant, coalesce(m.front_state, 'none'), m.message_uid, m.front_message_id, m.front_conversation_id, m.sent_at, m.referenced_message_id);
  IF front IS NOT NULL THEN
    INSERT INTO front_conversations AS fc (channel_id, front_conversation_id, conversation_id, last_reply_id)
      VALUES (m.channel_id, front, c.id, m.id) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN  -- locked until the commit, so that replies of one conversation of Front's see one another
      SELECT fc.last_reply_id INTO last_reply FROM front_conversations fc
        WHERE fc.channel_id = m.channel_id AND fc.front_conversation_id = front FOR NO KEY UPDATE;
      UPDATE front_conversations fc SET last_reply_id = m.id WHERE fc.channel_id = m.channel_id AND fc.front_conversation_id = front;
      SELECT last_reply INTO after FROM lane_queue q JOIN lanes l ON l.id = q.lane_id
        WHERE q.delivery_id = last_reply AND l.conversation_id <> c.id;
    END IF;
  END IF;
  INSERT INTO deliveries (id, channel_id, conversation_id, direction, after_id)
    VALUES (m.id, m.channel_id, c.id, m.direction, after);
  PERFORM enqueue_delivery(m.id, m.channel_id, c.id, m.direction);

  IF NOT made THEN
    UPDATE conversations cv SET last_message_at = greatest(cv.last_message_at, now()),
        contact_name = CASE WHEN m.direction = 'inbound' THEN coalesce(m.contact_name, cv.contact_name) ELSE cv.contact_name END,
        front_conversation_id = coalesce(front, cv.front_conversation_id)
      WHERE cv.id = c.id;
  END IF;
  RETURN QUERY SELECT 'stored', m.id, c.id, c.key, c.reference, made;
END $$;
