-- How many calls to Front a company may make right now, but for a reserve. Only for one whose limit is known.
CREATE OR REPLACE FUNCTION calls_allowed(c companies, p_reserve int) RETURNS int LANGUAGE sql VOLATILE AS $$
  SELECT greatest(0, floor(extract(epoch FROM n.t + c.calls_every * (c.calls_burst - p_reserve) - greatest(c.calls_tat, n.t))
                           / extract(epoch FROM c.calls_every))::int)
  FROM (SELECT clock_timestamp() AS t) n
$$;
