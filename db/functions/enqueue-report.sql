-- Stores what Front is to be told and puts its delivery in its lane, in the caller's transaction.
CREATE OR REPLACE FUNCTION enqueue_report(p_id uuid, p_channel uuid, p_conversation uuid, p_kind text, p_subject uuid, p_payload jsonb, p_by text)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  INSERT INTO reports (id, channel_id, conversation_id, kind, subject_id, payload, created_by)
    VALUES (p_id, p_channel, p_conversation, p_kind, p_subject, p_payload, p_by);
  INSERT INTO deliveries (id, kind, channel_id, conversation_id, direction)
    VALUES (p_id, 'report', p_channel, p_conversation, 'report');
  PERFORM enqueue_delivery(p_id, p_channel, p_conversation, 'report');
END $$;
