-- Full-text search over what people look for in the log. "simple": names, order numbers and any language.
ALTER TABLE messages ADD COLUMN search tsvector GENERATED ALWAYS AS (
  to_tsvector('simple', coalesce(contact_name, '') || ' ' || coalesce(subject, '') || ' ' || left(body_text, 20000))
) STORED;
--> statement-breakpoint
CREATE INDEX messages_search ON messages USING gin (search);
--> statement-breakpoint
CREATE TYPE claimed_lane AS (
  id bigint, head_seq bigint, attempt int, recovered boolean, was_due timestamptz, conversation_id uuid);
