-- Full-text search over what people look for in the log. "simple": names, order numbers and any language.
ALTER TABLE messages ADD COLUMN search tsvector GENERATED ALWAYS AS (
  to_tsvector('simple', coalesce(contact_name, '') || ' ' || coalesce(subject, '') || ' ' || left(body_text, 20000))
) STORED;
--> statement-breakpoint
CREATE INDEX messages_search ON messages USING gin (search);
--> statement-breakpoint
-- A UUIDv7 made by the database, for rows that a statement makes without the application (Postgres 18 has its own).
CREATE FUNCTION uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_bit(set_bit(
    overlay(uuid_send(gen_random_uuid())
      placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
    52, 1), 53, 1), 'hex')::uuid
$$;
--> statement-breakpoint
-- Appends a delivery to its lane, in the caller's transaction. The lane becomes due when it was empty.
-- The row lock on the lane gives the order: first committed, first delivered. Workers are told after the commit: a
-- NOTIFY inside would make commits wait for each other.
CREATE FUNCTION enqueue_delivery(p_delivery uuid, p_channel uuid, p_conversation uuid, p_direction text)
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
--> statement-breakpoint
CREATE TYPE claimed_lane AS (
  id bigint, head_seq bigint, attempt int, recovered boolean, was_due timestamptz, conversation_id uuid);
--> statement-breakpoint
-- Where the worker that held a lease is gone, its attempt is written down for it. was_due: when that lease ended.
CREATE FUNCTION note_lost_attempts(p_lanes claimed_lane[], p_lease interval) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
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
--> statement-breakpoint
-- Claims up to p_batch heads of due lanes: gives each a lease and a fencing token and counts the attempt.
-- Costs what is due, never what waits. Order, pause, rate, concurrency and fair share between targets are kept here.
-- A queue's statistics are always wrong: left to them, joins were planned as hashes over everything that waits or ever did.
CREATE FUNCTION claim_deliveries(p_token uuid, p_batch int, p_lease interval)
RETURNS TABLE (lane_id bigint, delivery_id uuid, seq bigint, attempt int, recovered boolean,
               channel_id uuid, direction text, conversation_id uuid)
LANGUAGE plpgsql VOLATILE ROWS 50 SET jit = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
  due_channels uuid[]; due_directions text[]; i int; n int; got int; left_n int := p_batch; share int;
  tgt record; t timestamptz; now_ours claimed_lane[];
BEGIN
  -- ORDER BY + LIMIT 1 is one index probe per target whatever the statistics say; EXISTS is planned as a join.
  SELECT array_agg(x.channel_id ORDER BY x.r), array_agg(x.direction ORDER BY x.r) INTO due_channels, due_directions
  FROM (
    SELECT tg.channel_id, tg.direction, random() AS r
    FROM targets tg
    JOIN channels ch ON ch.id = tg.channel_id
    JOIN companies co ON co.id = ch.company_id
    CROSS JOIN LATERAL (
      SELECT 1 FROM lanes l
      WHERE l.channel_id = tg.channel_id AND l.direction = tg.direction AND l.due_at <= now()
      ORDER BY l.due_at LIMIT 1) due
    WHERE tg.held_since IS NULL
      AND (tg.hold_until IS NULL OR tg.hold_until <= now())
      AND (tg.direction = 'outbound' OR co.hold_until IS NULL OR co.hold_until <= now())
  ) x;
  IF due_channels IS NULL THEN RETURN; END IF;
  share := greatest(1, ceil(p_batch::numeric / cardinality(due_channels)));
  FOR pass IN 1..2 LOOP            -- first a fair share each, then what is left over
    FOR i IN 1..cardinality(due_channels) LOOP
      EXIT WHEN left_n <= 0;
      n := CASE pass WHEN 1 THEN least(share, left_n) ELSE left_n END;
      SELECT max_in_flight, rate_every, rate_burst INTO tgt FROM targets
        WHERE channel_id = due_channels[i] AND direction = due_directions[i];
      IF tgt.max_in_flight IS NOT NULL OR tgt.rate_every IS NOT NULL THEN
        -- NO KEY UPDATE: must not block the foreign-key checks of an enqueue. Lock first, count after: a fresh snapshot.
        SELECT tat INTO t FROM targets WHERE channel_id = due_channels[i] AND direction = due_directions[i]
          FOR NO KEY UPDATE SKIP LOCKED;
        CONTINUE WHEN NOT FOUND;   -- another worker is claiming for this target right now
        IF tgt.max_in_flight IS NOT NULL THEN
          n := least(n, tgt.max_in_flight - (SELECT count(*)::int FROM lanes l
            WHERE l.channel_id = due_channels[i] AND l.direction = due_directions[i]
              AND l.lease IS NOT NULL AND l.due_at > now()));
        END IF;
        IF tgt.rate_every IS NOT NULL THEN
          t := greatest(t, clock_timestamp());
          n := least(n, floor(extract(epoch FROM clock_timestamp() + tgt.rate_every * tgt.rate_burst - t)
                            / extract(epoch FROM tgt.rate_every))::int);
        END IF;
      END IF;
      CONTINUE WHEN n <= 0;
      WITH due AS MATERIALIZED (
        SELECT l.id, l.lease IS NOT NULL AS recovered, l.due_at FROM lanes l
        WHERE l.channel_id = due_channels[i] AND l.direction = due_directions[i] AND l.due_at <= now()
        ORDER BY l.due_at LIMIT n FOR UPDATE SKIP LOCKED),
      claimed AS (
        UPDATE lanes l SET lease = p_token, due_at = now() + p_lease, attempt = l.attempt + 1
        FROM due WHERE l.id = due.id
        RETURNING l.id, l.head_seq, l.attempt, due.recovered, due.due_at AS was_due, l.conversation_id)
      SELECT array_agg(c::claimed_lane) INTO now_ours
        FROM (SELECT id, head_seq, attempt, recovered, was_due, conversation_id FROM claimed) c;
      got := coalesce(cardinality(now_ours), 0);
      CONTINUE WHEN got = 0;
      -- Statements of their own: Postgres 18.4 crashes when rows that others changed meanwhile make it evaluate again
      -- (EvalPlanQual) a statement that also changes a partitioned table.
      RETURN QUERY
        SELECT c.id, q.delivery_id, c.head_seq, c.attempt, c.recovered, due_channels[i], due_directions[i], c.conversation_id
        FROM unnest(now_ours) c LEFT JOIN lane_queue q ON q.lane_id = c.id AND q.seq = c.head_seq;
      PERFORM note_lost_attempts(now_ours, p_lease);
      IF tgt.rate_every IS NOT NULL THEN
        UPDATE targets SET tat = t + tgt.rate_every * got
          WHERE channel_id = due_channels[i] AND direction = due_directions[i];
      END IF;
      left_n := left_n - got;
    END LOOP;
    EXIT WHEN left_n <= 0 OR cardinality(due_channels) = 1;
  END LOOP;
END $$;
--> statement-breakpoint
-- One step of a GCRA limiter: whether this call is allowed, and if not, how long to wait.
CREATE FUNCTION take_turn(p_key text, p_every interval, p_burst int)
RETURNS TABLE (allowed boolean, wait_s double precision) LANGUAGE sql VOLATILE AS $$
  WITH turn AS (
    INSERT INTO throttles AS t (key, tat) VALUES (p_key, clock_timestamp() + p_every)
    ON CONFLICT (key) DO UPDATE SET tat = greatest(t.tat, clock_timestamp()) + p_every
      WHERE greatest(t.tat, clock_timestamp()) + p_every <= clock_timestamp() + p_every * p_burst
    RETURNING 1)
  SELECT EXISTS (SELECT 1 FROM turn),
    CASE WHEN EXISTS (SELECT 1 FROM turn) THEN 0
      ELSE greatest(0, extract(epoch FROM (SELECT tat FROM throttles WHERE key = p_key)
                                          + p_every - p_every * p_burst - clock_timestamp())) END
$$;
