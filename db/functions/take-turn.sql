-- One step of a GCRA limiter: whether this call is allowed, and if not, how long to wait.
CREATE OR REPLACE FUNCTION take_turn(p_key text, p_every interval, p_burst int)
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
