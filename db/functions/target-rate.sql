-- How fast a target may be called: time for each delivery, and how many may go at once. What had been held goes out at
-- its channel's rate where that is the slower one. No time means no limit.
CREATE OR REPLACE FUNCTION target_rate(t targets, p_held_per_minute int, OUT every interval, OUT burst int)
LANGUAGE sql IMMUTABLE AS $$
  SELECT greatest(t.rate_every, slow.every),
    CASE WHEN slow.every > coalesce(t.rate_every, '0') THEN greatest(1, p_held_per_minute / 60) ELSE t.rate_burst END
  FROM (SELECT CASE WHEN t.draining THEN interval '1 minute' / p_held_per_minute END AS every) slow
$$;
