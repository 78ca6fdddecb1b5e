-- calls_limit and calls_left: the quota of Front's company, as the answer told it.
ALTER TYPE settlement ADD ATTRIBUTE calls_limit int, ADD ATTRIBUTE calls_left int;
