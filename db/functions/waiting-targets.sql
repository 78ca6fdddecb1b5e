-- Targets in whose lanes something waits for its time, with the earliest such time: one index probe for each, however many
-- targets there are and however much waits. A lane that is in flight waits for the end of its lease.
-- What the planner believes of a queue is always wrong, so it is left no choice but the index.
CREATE OR REPLACE FUNCTION waiting_targets() RETURNS TABLE (channel_id uuid, direction text, due_at timestamptz)
LANGUAGE plpgsql STABLE ROWS 100 SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
  RETURN QUERY
    WITH RECURSIVE waiting AS (
      (SELECT l.channel_id, l.direction, l.due_at FROM lanes l WHERE l.due_at IS NOT NULL
       ORDER BY l.channel_id, l.direction, l.due_at LIMIT 1)
      UNION ALL
      SELECT n.channel_id, n.direction, n.due_at FROM waiting w CROSS JOIN LATERAL (
        SELECT l.channel_id, l.direction, l.due_at FROM lanes l
        WHERE l.due_at IS NOT NULL AND (l.channel_id, l.direction) > (w.channel_id, w.direction)
        ORDER BY l.channel_id, l.direction, l.due_at LIMIT 1) n)
    SELECT w.channel_id, w.direction, w.due_at FROM waiting w;
END $$;
