-- Takes one call to Front, out of the reserve too. Returns 0, or the milliseconds until one will be free.
CREATE OR REPLACE FUNCTION take_call(p_company uuid) RETURNS float8 LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  c companies;
BEGIN
  SELECT * INTO c FROM companies WHERE id = p_company AND calls_every IS NOT NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN 0; END IF;
  IF calls_allowed(c, 0) < 1 THEN
    RETURN extract(epoch FROM c.calls_tat + c.calls_every - c.calls_every * c.calls_burst - clock_timestamp()) * 1000;
  END IF;
  UPDATE companies SET calls_tat = greatest(calls_tat, clock_timestamp()) + calls_every WHERE id = p_company;
  RETURN 0;
END $$;
