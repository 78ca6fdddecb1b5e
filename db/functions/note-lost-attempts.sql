-- Where the worker that held a lease is gone, its attempt is written down for it. was_due: when that lease ended.
CREATE OR REPLACE FUNCTION note_lost_attempts(p_lanes claimed_lane[], p_lease interval) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  lost record;
BEGIN
  FOR lost IN SELECT q.delivery_id, c.was_due FROM unnest(p_lanes) c
      JOIN lane_queue q ON q.lane_id = c.id AND q.seq = c.head_seq WHERE c.recovered LOOP
    UPDATE deliveries SET attempts = attempts + 1, answer_lost = true, requested_by = null WHERE id = lost.delivery_id;
    INSERT INTO attempts (id, delivery_id, n, started_at, outcome, error_class, error)
      SELECT uuid_v7(), d.id, d.attempts, lost.was_due - p_lease, 'lost', 'worker_lost',
             'Patchbay was stopped in the middle of this attempt, so how it ended is not known.'
      FROM deliveries d WHERE d.id = lost.delivery_id;
  END LOOP;
END $$;
