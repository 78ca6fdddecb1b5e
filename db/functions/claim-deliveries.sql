-- Claims up to p_batch heads of due lanes: gives each a lease and a fencing token and counts the attempt.
-- Costs what is due, never what waits. Order, pause, rate, concurrency and fair share between targets are kept here.
-- A target whose breaker is open gets one probe at a time. Calls to Front come out of one budget per company, in fair shares between its channels, and leave a reserve.
-- Locks in this order: companies by id, then targets and lanes, for which it never waits.
-- A queue's statistics are always wrong: left to them, joins were planned as hashes over everything that waits or ever did.
CREATE OR REPLACE FUNCTION claim_deliveries(p_token uuid, p_batch int, p_lease interval)
RETURNS TABLE (lane_id bigint, delivery_id uuid, seq bigint, attempt int, recovered boolean,
               channel_id uuid, direction text, conversation_id uuid)
LANGUAGE plpgsql VOLATILE ROWS 50 SET jit = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
DECLARE
  due_channels uuid[]; due_directions text[]; i int; n int; got int; left_n int := p_batch; share int;
  tgt record; t timestamptz; now_ours claimed_lane[];
  due_companies uuid[]; governed uuid[]; allowed int[]; sharers int[]; used int[]; g int;
BEGIN
  -- From the targets in which something waits: there may be a hundred thousand in which nothing does. LATERAL with LIMIT 1 is
  -- one index probe each, whatever the statistics say.
  SELECT array_agg(x.channel_id ORDER BY x.r), array_agg(x.direction ORDER BY x.r), array_agg(x.company ORDER BY x.r)
    INTO due_channels, due_directions, due_companies
  FROM (
    SELECT tg.channel_id, tg.direction, random() AS r,
      CASE WHEN tg.direction IN ('inbound', 'report') AND co.calls_every IS NOT NULL THEN co.id END AS company
    FROM waiting_targets() w
    CROSS JOIN LATERAL (SELECT * FROM targets WHERE channel_id = w.channel_id AND direction = w.direction LIMIT 1) tg
    CROSS JOIN LATERAL (SELECT company_id FROM channels WHERE id = w.channel_id LIMIT 1) ch
    CROSS JOIN LATERAL (SELECT id, calls_every, hold_until FROM companies WHERE id = ch.company_id LIMIT 1) co
    WHERE w.due_at <= now() AND tg.held_since IS NULL
      AND (tg.hold_until IS NULL OR tg.hold_until <= now())
      AND (tg.direction IN ('outbound', 'alert') OR co.hold_until IS NULL OR co.hold_until <= now())
  ) x;
  IF due_channels IS NULL THEN RETURN; END IF;
  governed := array(SELECT DISTINCT u FROM unnest(due_companies) u WHERE u IS NOT NULL);
  IF cardinality(governed) > 0 THEN
    PERFORM 1 FROM companies WHERE id = ANY (governed) ORDER BY id FOR NO KEY UPDATE;
    SELECT array_agg(c.id), array_agg(calls_allowed(c, calls_reserve(c.calls_burst))),
        array_agg((SELECT count(*)::int FROM unnest(due_companies) u WHERE u = c.id))
      INTO governed, allowed, sharers FROM companies c WHERE c.id = ANY (governed);
    used := array_fill(0, ARRAY[cardinality(governed)]);
  END IF;
  share := greatest(1, ceil(p_batch::numeric / cardinality(due_channels)));
  FOR pass IN 1..2 LOOP            -- first a fair share each, then what is left over
    FOR i IN 1..cardinality(due_channels) LOOP
      EXIT WHEN left_n <= 0;
      n := CASE pass WHEN 1 THEN least(share, left_n) ELSE left_n END;
      g := array_position(governed, due_companies[i]);
      IF due_companies[i] IS NOT NULL THEN
        n := least(n, allowed[g] - used[g], CASE pass WHEN 1 THEN ceil(allowed[g]::numeric / sharers[g])::int ELSE n END);
        CONTINUE WHEN n <= 0;
      END IF;
      SELECT CASE WHEN tg.breaker_since IS NULL THEN tg.max_in_flight ELSE 1 END AS max_in_flight,
          rate.every AS rate_every, rate.burst AS rate_burst INTO tgt
        FROM targets tg JOIN channels ch ON ch.id = tg.channel_id, target_rate(tg, ch.held_per_minute) rate
        WHERE tg.channel_id = due_channels[i] AND tg.direction = due_directions[i];
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
      IF g IS NOT NULL THEN used[g] := used[g] + got; END IF;
      left_n := left_n - got;
    END LOOP;
    EXIT WHEN left_n <= 0 OR cardinality(due_channels) = 1;
  END LOOP;
  IF cardinality(governed) > 0 THEN
    UPDATE companies c SET calls_tat = greatest(c.calls_tat, clock_timestamp()) + c.calls_every * u.used
      FROM unnest(governed, used) u(id, used) WHERE c.id = u.id AND u.used > 0;
  END IF;
END $$;
