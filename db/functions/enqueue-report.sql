-- Stores what Front, or with an alert people, are to be told and puts its delivery in its lane, in the caller's transaction.
CREATE OR REPLACE FUNCTION enqueue_report(p_id uuid, p_channel uuid, p_conversation uuid, p_kind text, p_subject uuid, p_payload jsonb, p_by text)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  lane text := CASE p_kind WHEN 'alert' THEN 'alert' ELSE 'report' END;
BEGIN
  INSERT INTO reports (id, channel_id, conversation_id, kind, subject_id, payload, created_by)
    VALUES (p_id, p_channel, p_conversation, p_kind, p_subject, p_payload, p_by);
  INSERT INTO deliveries (id, kind, channel_id, conversation_id, direction)
    VALUES (p_id, 'report', p_channel, p_conversation, lane);
  IF lane = 'alert' THEN  -- made at need: most channels are never alerted about
    INSERT INTO targets (channel_id, direction) VALUES (p_channel, lane) ON CONFLICT DO NOTHING;
  END IF;
  PERFORM enqueue_delivery(p_id, p_channel, p_conversation, lane);
END $$;
