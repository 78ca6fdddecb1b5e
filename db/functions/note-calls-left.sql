-- Writes down what an answer of Front said of a company's quota, when that was last heard a while ago. Four fifths of the
-- minute's calls flow evenly and a fifth may go at once, so that no minute holds more than Front allows. Others use the
-- same quota: what they took shows in what is left.
CREATE OR REPLACE FUNCTION note_calls_left(p_company uuid, p_limit int, p_left int) RETURNS void LANGUAGE sql VOLATILE AS $$
  UPDATE companies c SET rate_limit = p_limit, rate_remaining = p_left, rate_seen_at = now(),
      calls_every = q.every, calls_burst = q.burst,
      calls_tat = greatest(c.calls_tat, clock_timestamp() + q.every * (q.burst - least(q.burst, p_left)))
    FROM (SELECT interval '1 minute' / (p_limit * 0.8) AS every, greatest(2, p_limit / 5) AS burst WHERE p_limit > 0) q
    WHERE c.id = p_company AND (c.rate_seen_at IS NULL OR c.rate_seen_at < now() - interval '2 seconds')
$$;
