-- Counts a target's faults and moves its breaker: ten in a row without a delivery open it, a delivery closes it, a probe
-- that fails doubles the wait for the next one, from half a minute up to ten. The caller has locked the target.
CREATE OR REPLACE FUNCTION switch_breaker(p_channel uuid, p_direction text, p_delivered int, p_faults int, p_error text)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  t targets; is_open boolean; is_probe boolean; opens boolean; probes int;
BEGIN
  SELECT * INTO t FROM targets WHERE channel_id = p_channel AND direction = p_direction;
  is_open := t.breaker_since IS NOT NULL;
  IF p_delivered > 0 THEN
    IF t.target_faults = 0 AND NOT is_open THEN RETURN; END IF;
    UPDATE targets SET target_faults = 0, breaker_since = null, breaker_reason = null, breaker_probes = 0
      WHERE channel_id = p_channel AND direction = p_direction;
    IF is_open THEN
      INSERT INTO breaker_events (id, channel_id, direction, kind) VALUES (uuid_v7(), p_channel, p_direction, 'closed');
    END IF;
    RETURN;
  END IF;
  is_probe := is_open AND t.hold_until <= now();
  opens := NOT is_open AND t.target_faults + p_faults >= 10;
  probes := CASE WHEN is_probe THEN t.breaker_probes + 1 ELSE t.breaker_probes END;
  UPDATE targets SET target_faults = target_faults + p_faults, breaker_probes = probes,
      breaker_since = CASE WHEN opens THEN now() ELSE breaker_since END, draining = draining OR opens,
      breaker_reason = CASE WHEN opens OR is_probe THEN p_error ELSE breaker_reason END,
      hold_until = CASE WHEN opens OR is_probe
        THEN greatest(coalesce(hold_until, '-infinity'), now() + least(interval '10 minutes', interval '30 seconds' * 2 ^ least(probes, 10)))
        ELSE hold_until END,
      hold_until_reason = CASE WHEN opens OR is_probe THEN p_error ELSE hold_until_reason END
    WHERE channel_id = p_channel AND direction = p_direction;
  IF opens THEN
    INSERT INTO breaker_events (id, channel_id, direction, kind, reason)
      VALUES (uuid_v7(), p_channel, p_direction, 'opened', p_error);
  END IF;
END $$;
