SELECT 1; -- what stood here are functions, which are in db/functions now
