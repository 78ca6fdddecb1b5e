-- What became of one claimed head; see Settlement in db/queries/settle.ts for the meaning of each field.
CREATE TYPE settlement AS (
  lane_id bigint, token uuid, seq bigint, attempt int, delivery_id uuid, channel_id uuid, direction text, status text,
  advance boolean, retry_ms float8, answer_lost boolean, is_test boolean, hold text, hold_ms float8, hold_reason text,
  try jsonb, message_uid text, front_message_id text, front_conversation_id text, external_id text, provider_key text);
