-- Writes what became of a batch of claims, all or nothing: attempt, delivery, message, lane, target and counters.
-- A claim whose lease went to somebody else is left out. Returns the ids of the deliveries that were settled.
--
-- Small statements in one function, not one large one: rows that others changed meanwhile make Postgres evaluate a
-- statement again (EvalPlanQual), and 18.4 crashes doing that to data-modifying CTEs over partitioned tables. With the
-- lanes locked first, nothing after that needs it. Each statement sees what the one before it wrote.
-- Locks in this order: lanes by id (those in which reports will wait among them), conversations by id, targets. Custom plans: these tables grow faster than their statistics.
CREATE OR REPLACE FUNCTION settle_deliveries(p_batch jsonb) RETURNS SETOF uuid LANGUAGE plpgsql VOLATILE
SET jit = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  given settlement[]; k settlement[]; lane_ids bigint[]; settled uuid[]; told record;
BEGIN
  given := array(SELECT g FROM jsonb_populate_recordset(null::settlement, p_batch) g);
  lane_ids := array(SELECT g.lane_id FROM unnest(given) g);
  IF EXISTS (SELECT 1 FROM unnest(given) g WHERE g.report IS NOT NULL) THEN
    lane_ids := lane_ids || array(SELECT r.id FROM unnest(given) g JOIN lanes l ON l.id = g.lane_id
      JOIN lanes r ON r.conversation_id = l.conversation_id AND r.direction = 'report' WHERE g.report IS NOT NULL);
  END IF;
  PERFORM 1 FROM lanes WHERE id = ANY (lane_ids) ORDER BY id FOR UPDATE;
  k := array(SELECT g FROM unnest(given) g JOIN lanes l ON l.id = g.lane_id
             WHERE l.lease = g.token AND l.head_seq = g.seq AND l.attempt = g.attempt);
  IF cardinality(k) = 0 THEN RETURN; END IF;

  DELETE FROM lane_queue q USING unnest(k) s WHERE s.advance AND q.lane_id = s.lane_id AND q.seq = s.seq;
  UPDATE lanes l SET lease = null, head_seq = l.head_seq + s.advance::int,
      attempt = CASE WHEN s.advance THEN 0 WHEN s.status = 'deferred' THEN l.attempt - 1 ELSE l.attempt END,
      due_at = CASE
        WHEN s.advance THEN CASE WHEN l.last_seq > l.head_seq THEN now() END
        WHEN s.status = 'failed' THEN null
        ELSE now() + s.retry_ms * interval '1 ms' END
    FROM unnest(k) s WHERE l.id = s.lane_id;

  FOR told IN SELECT s.report, s.channel_id, s.delivery_id, s.status, l.conversation_id
      FROM unnest(k) s JOIN lanes l ON l.id = s.lane_id WHERE s.report IS NOT NULL ORDER BY l.conversation_id LOOP
    PERFORM enqueue_report((told.report->>'id')::uuid, told.channel_id, told.conversation_id, told.report->>'kind',
                           told.delivery_id, told.report->'payload', null);
    UPDATE deliveries SET reported_at = CASE WHEN told.status = 'failed' THEN now() END WHERE id = told.delivery_id;
  END LOOP;

  settled := array(SELECT s.delivery_id FROM unnest(k) s);

  -- Discarded ones that were stepped over and those handed back untried are done now.
  k := array(SELECT s FROM unnest(k) s WHERE s.status IN ('delivered', 'retrying', 'failed'));
  UPDATE deliveries d SET status = s.status, attempts = d.attempts + 1,
      next_attempt_at = CASE WHEN s.status = 'retrying' THEN now() + s.retry_ms * interval '1 ms' END,
      last_status = (s.try->>'response_status')::int, last_error_class = s.try->>'error_class', last_error = s.try->>'error',
      answer_lost = CASE WHEN s.status = 'delivered' THEN false ELSE d.answer_lost OR s.answer_lost END,
      requested_by = null, ended_at = CASE WHEN s.status <> 'retrying' THEN now() END
    FROM unnest(k) s WHERE d.id = s.delivery_id;
  INSERT INTO attempts (id, delivery_id, n, requested_by, started_at, duration_ms, method, url, format, as_was, ip, request_headers,
      request_body, response_status, response_headers, response_body, response_bytes, outcome, error_class, error, next_attempt_at)
    SELECT t.id, d.id, d.attempts, t.requested_by, t.started_at, t.duration_ms, t.method, t.url, t.format, t.as_was, t.ip, t.request_headers,
      t.request_body, t.response_status, t.response_headers, t.response_body, t.response_bytes, s.status, t.error_class,
      t.error, d.next_attempt_at
    FROM unnest(k) s JOIN deliveries d ON d.id = s.delivery_id,
      LATERAL jsonb_populate_record(null::attempts, s.try) t;

  IF EXISTS (SELECT 1 FROM unnest(k) s WHERE s.result IS NOT NULL) THEN
    UPDATE reports r SET result = s.result FROM unnest(k) s WHERE r.id = s.delivery_id AND s.result IS NOT NULL;
  END IF;
  UPDATE messages m SET
      front_state = CASE WHEN s.front_message_id IS NOT NULL OR m.front_state = 'confirmed' THEN 'confirmed' WHEN s.message_uid IS NOT NULL THEN 'accepted' ELSE m.front_state END,
      accepted_at = CASE WHEN s.message_uid IS NOT NULL OR s.front_message_id IS NOT NULL THEN now() ELSE m.accepted_at END,
      confirmed_at = CASE WHEN s.front_message_id IS NOT NULL THEN coalesce(m.confirmed_at, now()) ELSE m.confirmed_at END,
      message_uid = coalesce(s.message_uid, m.message_uid),
      front_message_id = coalesce(s.front_message_id, m.front_message_id),
      front_conversation_id = coalesce(s.front_conversation_id, m.front_conversation_id),
      external_id = coalesce(s.external_id, m.external_id)
    FROM unnest(k) s WHERE m.id = s.delivery_id
      AND (s.message_uid IS NOT NULL OR s.front_message_id IS NOT NULL OR s.external_id IS NOT NULL);
  INSERT INTO confirmations (message_id, channel_id, message_uid, accepted_at, due_at)  -- Front's import may have been quicker
    SELECT s.delivery_id, s.channel_id, s.message_uid, now(), now() + interval '1 second'
    FROM unnest(k) s JOIN messages m ON m.id = s.delivery_id
    WHERE s.message_uid IS NOT NULL AND m.front_state <> 'confirmed'
    ON CONFLICT (message_id) DO UPDATE SET message_uid = excluded.message_uid, tries = 0, due_at = excluded.due_at;
  INSERT INTO message_keys (channel_id, kind, value, message_id)
    SELECT s.channel_id, v.kind, v.value, s.delivery_id FROM unnest(k) s, LATERAL (VALUES
      ('uid', s.message_uid), ('front', s.front_message_id), ('provider_answer', s.external_id)) v(kind, value)
    WHERE v.value IS NOT NULL
    ON CONFLICT DO NOTHING;
  IF EXISTS (SELECT 1 FROM unnest(k) s WHERE s.provider_key IS NOT NULL) THEN
    PERFORM 1 FROM conversations c
      WHERE c.id IN (SELECT l.conversation_id FROM unnest(k) s JOIN lanes l ON l.id = s.lane_id WHERE s.provider_key IS NOT NULL)
      ORDER BY c.id FOR NO KEY UPDATE;
    UPDATE conversations c SET provider_key = s.provider_key
      FROM unnest(k) s JOIN lanes l ON l.id = s.lane_id
      WHERE c.id = l.conversation_id AND s.provider_key IS NOT NULL AND c.provider_key IS DISTINCT FROM s.provider_key;
  END IF;

  PERFORM 1 FROM targets t WHERE (t.channel_id, t.direction) IN (SELECT s.channel_id, s.direction FROM unnest(k) s)
    ORDER BY t.channel_id, t.direction FOR NO KEY UPDATE;
  UPDATE targets t SET    -- a test says nothing of how the channel is doing; a wait that was asked for counts all the same
      failures_in_a_row = CASE WHEN y.delivered > 0 THEN 0 ELSE t.failures_in_a_row + y.errors END,
      credential_failures = CASE WHEN y.delivered > 0 THEN 0 ELSE t.credential_failures + y.refused END,
      last_delivered_at = CASE WHEN y.delivered > 0 THEN now() ELSE t.last_delivered_at END,
      last_failed_at = CASE WHEN y.errors > 0 THEN now() ELSE t.last_failed_at END,
      last_error = CASE WHEN y.delivered > 0 THEN null ELSE coalesce(y.error, t.last_error) END,
      hold_until = CASE WHEN y.hold_ms IS NULL THEN t.hold_until
        ELSE greatest(coalesce(t.hold_until, '-infinity'), now() + y.hold_ms * interval '1 ms') END,
      hold_until_reason = CASE WHEN y.hold_ms IS NULL THEN t.hold_until_reason ELSE y.hold_reason END
    FROM (SELECT s.channel_id, s.direction,
            count(*) FILTER (WHERE s.status = 'delivered' AND NOT s.is_test) AS delivered,
            count(*) FILTER (WHERE s.status <> 'delivered' AND NOT s.is_test) AS errors,
            count(*) FILTER (WHERE s.try->>'error_class' = 'credentials' AND NOT s.is_test) AS refused,
            max(s.try->>'error') FILTER (WHERE NOT s.is_test) AS error,
            max(s.hold_ms) FILTER (WHERE s.hold = 'target') AS hold_ms,
            max(s.hold_reason) FILTER (WHERE s.hold = 'target') AS hold_reason
          FROM unnest(k) s GROUP BY 1, 2) y
    WHERE t.channel_id = y.channel_id AND t.direction = y.direction;
  PERFORM switch_breaker(y.channel_id, y.direction, y.delivered, y.faults, y.error)
    FROM (SELECT s.channel_id, s.direction, count(*) FILTER (WHERE s.status = 'delivered')::int AS delivered,
            count(*) FILTER (WHERE s.target_fault)::int AS faults, max(s.try->>'error') FILTER (WHERE s.target_fault) AS error
          FROM unnest(k) s GROUP BY 1, 2 ORDER BY 1, 2) y
    WHERE y.delivered > 0 OR y.faults > 0;
  IF EXISTS (SELECT 1 FROM unnest(k) s WHERE s.hold = 'company' OR s.calls_limit IS NOT NULL) THEN
    FOR told IN SELECT ch.company_id, max(s.calls_limit) AS calls_limit, min(s.calls_left) AS calls_left,
          max(s.hold_ms) FILTER (WHERE s.hold = 'company') AS hold_ms, max(s.hold_reason) FILTER (WHERE s.hold = 'company') AS reason
        FROM unnest(k) s JOIN channels ch ON ch.id = s.channel_id
        WHERE s.hold = 'company' OR s.calls_limit IS NOT NULL GROUP BY 1 ORDER BY 1 LOOP
      UPDATE companies c SET hold_reason = told.reason,
          hold_until = greatest(coalesce(c.hold_until, '-infinity'), now() + told.hold_ms * interval '1 ms')
        WHERE c.id = told.company_id AND told.hold_ms IS NOT NULL;
      PERFORM note_calls_left(told.company_id, told.calls_limit, told.calls_left);
    END LOOP;
  END IF;
  INSERT INTO hourly_stats AS h (channel_id, direction, hour, delivered, failed, attempts, duration_ms)
    SELECT s.channel_id, s.direction, date_trunc('hour', now()), count(*) FILTER (WHERE s.status = 'delivered'),
      count(*) FILTER (WHERE s.status = 'failed'), count(*), coalesce(sum((s.try->>'duration_ms')::int), 0)
    FROM unnest(k) s WHERE NOT s.is_test AND s.direction <> 'report' GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (hour, channel_id, direction) DO UPDATE SET delivered = h.delivered + excluded.delivered,
      failed = h.failed + excluded.failed, attempts = h.attempts + excluded.attempts, duration_ms = h.duration_ms + excluded.duration_ms;
  RETURN QUERY SELECT unnest(settled);
END $$;
