-- Appends a delivery to its lane, in the caller's transaction. The lane becomes due when it was empty.
-- The row lock on the lane gives the order: first committed, first delivered. Workers are told after the commit: a
-- NOTIFY inside would make commits wait for each other.
CREATE OR REPLACE FUNCTION enqueue_delivery(p_delivery uuid, p_channel uuid, p_conversation uuid, p_direction text)
RETURNS bigint LANGUAGE sql VOLATILE AS $$
  WITH lane AS (
    INSERT INTO lanes AS l (conversation_id, channel_id, direction, last_seq, due_at)
    VALUES (p_conversation, p_channel, p_direction, 1, now())
    ON CONFLICT (conversation_id, direction) DO UPDATE
      SET last_seq = l.last_seq + 1,
          due_at = CASE WHEN l.head_seq > l.last_seq THEN now() ELSE l.due_at END
    RETURNING l.id, l.last_seq
  ), waiting AS (
    INSERT INTO lane_queue (lane_id, seq, delivery_id) SELECT id, last_seq, p_delivery FROM lane RETURNING seq
  )
  SELECT seq FROM waiting
$$;
