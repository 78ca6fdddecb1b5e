-- Calls of a company that deliveries leave alone, for looking up what Front accepted: a fifth of the burst, at least one.
CREATE OR REPLACE FUNCTION calls_reserve(p_burst int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT greatest(1, p_burst / 5) $$;
