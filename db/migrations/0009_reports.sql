-- Every channel has a third target from now on: what Front is told beside messages.
INSERT INTO targets (channel_id, direction, rate_every, rate_burst, held_since, held_reason)
  SELECT t.channel_id, 'report', '200 ms', 5, CASE WHEN c.paused_at IS NULL THEN t.held_since END,
    CASE WHEN c.paused_at IS NULL THEN t.held_reason END
  FROM targets t JOIN channels c ON c.id = t.channel_id WHERE t.direction = 'inbound';
--> statement-breakpoint
-- report: what Front is to be told of this outcome, { id, kind, payload }. result: what Front answered to a report.
ALTER TYPE settlement ADD ATTRIBUTE report jsonb, ADD ATTRIBUTE result jsonb;
