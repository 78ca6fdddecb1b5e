-- Stores several messages at once as store_message would one after the other, in the order of their ids: all or nothing,
-- so whoever calls it stores them one by one when it fails. For messages that Front did not post.
-- p_messages: rows of messages without conversation_id, reference and starts_conversation.
-- p_keys: rows of message_keys, for those that have one.
-- p_places: { message_id, channel_id, direction, contact_name, conversation: as store_message takes it } of each message.
-- Locks as store_message does, each kind sorted, so that calls at once never wait for one another in a ring: keys, new
-- conversations, lanes by id as settling takes them, conversations. It waits for nobody for long: one message in
-- somebody's way must not hold up the others. Planned once for each connection, perhaps while the
-- tables are empty: what looks one row up is written so that only one plan is left (LATERAL with LIMIT, ANY, or the order of one index).
CREATE OR REPLACE FUNCTION store_messages(p_messages jsonb, p_keys jsonb, p_places jsonb)
RETURNS TABLE (given_id uuid, outcome text, message_id uuid, conversation_id uuid, conversation_key text, reference text, is_new boolean)
LANGUAGE plpgsql VOLATILE ROWS 30
SET jit = off SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET lock_timeout = '250ms' AS $$
#variable_conflict use_column
DECLARE
  lost uuid[]; made uuid[];
  -- What is stored, one entry of each for a message: its id, and where it belongs.
  ids uuid[]; chans uuid[]; dirs text[]; names text[]; talks uuid[]; talk_keys text[]; refs text[]; starts boolean[];
BEGIN
  -- Waits for a transaction that is storing one of them right now. Of two with the same key the first one wins.
  WITH won AS (
    INSERT INTO message_keys (channel_id, kind, value, message_id, body_hash)
      SELECT channel_id, kind, value, message_id, body_hash FROM jsonb_populate_recordset(null::message_keys, p_keys)
      ORDER BY channel_id, kind, value, message_id ON CONFLICT DO NOTHING RETURNING message_id)
  SELECT coalesce(array_agg(k.message_id), '{}') INTO lost FROM jsonb_populate_recordset(null::message_keys, p_keys) k
    WHERE NOT EXISTS (SELECT 1 FROM won WHERE won.message_id = k.message_id);

  WITH wanted AS (
    SELECT DISTINCT ON (w.channel_id, c.key) w.channel_id, c.id, c.key, c.reference, c.contact_handle, c.contact_name, c.is_test
    FROM jsonb_to_recordset(p_places) w(message_id uuid, channel_id uuid, conversation jsonb),
      jsonb_populate_record(null::conversations, w.conversation) c
    WHERE c.key IS NOT NULL AND w.message_id <> ALL (lost)
      AND c.key IS DISTINCT FROM (
        SELECT cv.key FROM conversations cv WHERE cv.channel_id = w.channel_id AND cv.key >= c.key ORDER BY cv.key LIMIT 1)
    ORDER BY w.channel_id, c.key, w.message_id
  ), begun AS (
    INSERT INTO conversations (id, channel_id, key, reference, contact_handle, contact_name, is_test)
      SELECT id, channel_id, key, reference, contact_handle, contact_name, coalesce(is_test, false) FROM wanted
      ON CONFLICT (channel_id, key) DO NOTHING RETURNING id)
  SELECT coalesce(array_agg(id), '{}') INTO made FROM begun;

  SELECT array_agg(x.message_id), array_agg(x.channel_id), array_agg(x.direction), array_agg(x.contact_name),
      array_agg(x.id), array_agg(x.key), array_agg(x.reference), array_agg(x.id = ANY (made) AND x.nth = 1)
    INTO ids, chans, dirs, names, talks, talk_keys, refs, starts
    FROM (
      SELECT w.*, cv.id, cv.key, cv.reference, row_number() OVER (PARTITION BY cv.id ORDER BY w.message_id) AS nth
      FROM jsonb_to_recordset(p_places) w(message_id uuid, channel_id uuid, direction text, contact_name text, conversation jsonb)
      CROSS JOIN LATERAL (
        SELECT named.id, named.key FROM conversations named
        WHERE named.channel_id = w.channel_id AND named.key >= coalesce(w.conversation->>'key', '') ORDER BY named.key LIMIT 1) near
      CROSS JOIN LATERAL (
        SELECT c.id, c.key, c.reference, c.channel_id FROM conversations c
        WHERE c.id = CASE WHEN near.key = w.conversation->>'key' THEN near.id ELSE (w.conversation->>'id')::uuid END LIMIT 1) cv
      WHERE w.message_id <> ALL (lost) AND cv.channel_id = w.channel_id) x;
  IF coalesce(cardinality(ids), 0) + cardinality(lost) <> jsonb_array_length(p_places) THEN
    RAISE no_data_found USING MESSAGE = 'store_messages: a conversation is gone';
  END IF;

  INSERT INTO messages (id, channel_id, conversation_id, direction, kind, is_test, external_id, contact_handle, contact_name, author,
      recipients, subject, body, body_format, body_text, raw, attachments, headers, reference, thread_reason,
      starts_conversation, signature_variant, front_state, message_uid, front_message_id, front_conversation_id, sent_at, referenced_message_id)
    SELECT m.id, m.channel_id, s.talk, m.direction, coalesce(m.kind, 'message'), coalesce(m.is_test, false), m.external_id, m.contact_handle, m.contact_name, m.author,
      m.recipients, m.subject, m.body, m.body_format, m.body_text, m.raw, m.attachments, m.headers, s.ref, m.thread_reason,
      s.start, m.signature_variant, coalesce(m.front_state, 'none'), m.message_uid, m.front_message_id, m.front_conversation_id, m.sent_at, m.referenced_message_id
    FROM jsonb_populate_recordset(null::messages, p_messages) m
    JOIN unnest(ids, talks, refs, starts) s(id, talk, ref, start) ON s.id = m.id;
  INSERT INTO deliveries (id, channel_id, conversation_id, direction)
    SELECT s.id, s.chan, s.talk, s.dir FROM unnest(ids, chans, talks, dirs) s(id, chan, talk, dir);

  PERFORM 1 FROM lanes l WHERE l.conversation_id = ANY (talks) AND l.direction = ANY (dirs) ORDER BY l.id FOR NO KEY UPDATE;
  WITH added AS (
    SELECT s.talk, s.chan, s.dir, count(*) AS n FROM unnest(talks, chans, dirs) s(talk, chan, dir) GROUP BY 1, 2, 3
  ), lane AS (
    INSERT INTO lanes AS l (conversation_id, channel_id, direction, last_seq, due_at)
      SELECT talk, chan, dir, n, now() FROM added ORDER BY talk, dir
    ON CONFLICT (conversation_id, direction) DO UPDATE
      SET last_seq = l.last_seq + excluded.last_seq,
          due_at = CASE WHEN l.head_seq > l.last_seq THEN now() ELSE l.due_at END
    RETURNING l.id, l.conversation_id, l.direction, l.last_seq)
  INSERT INTO lane_queue (lane_id, seq, delivery_id)
    SELECT l.id, l.last_seq + 1 - row_number() OVER (PARTITION BY l.id ORDER BY s.id DESC), s.id
    FROM lane l JOIN unnest(ids, talks, dirs) s(id, talk, dir) ON s.talk = l.conversation_id AND s.dir = l.direction;

  PERFORM 1 FROM conversations WHERE id = ANY (talks) ORDER BY id FOR NO KEY UPDATE;
  UPDATE conversations cv SET last_message_at = greatest(cv.last_message_at, now()), contact_name = coalesce(
      (SELECT s.name FROM unnest(ids, talks, dirs, names, starts) s(id, talk, dir, name, start)
       WHERE s.talk = cv.id AND NOT s.start AND s.dir = 'inbound' AND s.name IS NOT NULL ORDER BY s.id DESC LIMIT 1), cv.contact_name)
    WHERE cv.id = ANY (array(SELECT s.talk FROM unnest(talks, starts) s(talk, start) WHERE NOT s.start));

  RETURN QUERY SELECT s.id, 'stored', s.id, s.talk, s.key, s.ref, s.start FROM unnest(ids, talks, talk_keys, refs, starts) s(id, talk, key, ref, start);
  IF cardinality(lost) > 0 THEN
    RETURN QUERY
      SELECT k.message_id, CASE WHEN known.body_hash IS DISTINCT FROM k.body_hash AND known.body_hash IS NOT NULL AND k.body_hash IS NOT NULL
                                THEN 'conflict' ELSE 'duplicate' END,
             known.message_id, old.conversation_id, cv.key, old.reference, coalesce(old.starts_conversation, false)
      FROM jsonb_populate_recordset(null::message_keys, p_keys) k
      CROSS JOIN LATERAL (SELECT * FROM message_keys o WHERE o.channel_id = k.channel_id AND o.kind = k.kind AND o.value = k.value LIMIT 1) known
      LEFT JOIN LATERAL (SELECT * FROM messages o WHERE o.id = known.message_id LIMIT 1) old ON true
      LEFT JOIN LATERAL (SELECT * FROM conversations o WHERE o.id = old.conversation_id LIMIT 1) cv ON true
      WHERE k.message_id = ANY (lost);
  END IF;
END $$;
