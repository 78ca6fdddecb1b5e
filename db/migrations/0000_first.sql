CREATE TABLE "attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"delivery_id" uuid NOT NULL,
	"n" integer NOT NULL,
	"requested_by" text,
	"started_at" timestamp with time zone NOT NULL,
	"duration_ms" integer,
	"method" text,
	"url" text,
	"ip" text,
	"request_headers" jsonb,
	"request_body" text,
	"response_status" integer,
	"response_headers" jsonb,
	"response_body" text,
	"response_bytes" integer,
	"outcome" text NOT NULL,
	"error_class" text,
	"error" text,
	"next_attempt_at" timestamp with time zone
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"channel_id" uuid,
	"subject_id" text,
	"details" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "channel_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"token_hash" text,
	"secret_sealed" text,
	"hint" text NOT NULL,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"id" uuid PRIMARY KEY NOT NULL,
	"company_id" uuid NOT NULL,
	"key" text NOT NULL,
	"kind" text DEFAULT 'custom' NOT NULL,
	"name" text NOT NULL,
	"front_channel_id" text NOT NULL,
	"front_inbox_id" text,
	"contact_type" text DEFAULT 'custom' NOT NULL,
	"default_country" text,
	"threading" jsonb NOT NULL,
	"receive_only" boolean DEFAULT false NOT NULL,
	"provider_url" text,
	"provider_format" text DEFAULT 'envelope' NOT NULL,
	"provider_headers_sealed" text,
	"retry_delays_s" integer[] DEFAULT '{5,30,120,600,1800,7200,18000,36000}' NOT NULL,
	"lost_answer" text DEFAULT 'send_again' NOT NULL,
	"failed_head" text DEFAULT 'move_on' NOT NULL,
	"max_body_bytes" integer DEFAULT 25000000 NOT NULL,
	"requests_per_minute" integer,
	"paused_at" timestamp with time zone,
	"paused_by" text,
	"paused_reason" text,
	"signature_variant" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp with time zone,
	CONSTRAINT "channels_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "companies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"front_base_url" text NOT NULL,
	"front_company_id" text,
	"api_token_sealed" text,
	"api_secret_sealed" text,
	"is_sandbox" boolean DEFAULT false NOT NULL,
	"hold_until" timestamp with time zone,
	"hold_reason" text,
	"rate_limit" integer,
	"rate_remaining" integer,
	"rate_seen_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "confirmations" (
	"message_id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"message_uid" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"accepted_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone NOT NULL,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"key" text NOT NULL,
	"reference" text,
	"contact_handle" text NOT NULL,
	"contact_name" text,
	"front_conversation_id" text,
	"provider_key" text,
	"is_test" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_message_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "front_conversations" (
	"channel_id" uuid NOT NULL,
	"front_conversation_id" text NOT NULL,
	"conversation_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "front_conversations_channel_id_front_conversation_id_pk" PRIMARY KEY("channel_id","front_conversation_id")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"direction" text NOT NULL,
	"status" text DEFAULT 'pending' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"last_status" integer,
	"last_error_class" text,
	"last_error" text,
	"answer_lost" boolean DEFAULT false NOT NULL,
	"requested_by" text,
	"discarded_by" text,
	"discard_reason" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"message_id" uuid NOT NULL,
	"filename" text NOT NULL,
	"content_type" text NOT NULL,
	"size" integer NOT NULL,
	"bytes" "bytea" NOT NULL
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "hourly_stats" (
	"channel_id" uuid NOT NULL,
	"direction" text NOT NULL,
	"hour" timestamp with time zone NOT NULL,
	"delivered" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"duration_ms" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "hourly_stats_hour_channel_id_direction_pk" PRIMARY KEY("hour","channel_id","direction")
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"key_check" text NOT NULL,
	"owner_created_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "installation_one_row" CHECK ("installation"."id")
);
--> statement-breakpoint
CREATE TABLE "lane_queue" (
	"lane_id" bigint NOT NULL,
	"seq" bigint NOT NULL,
	"delivery_id" uuid NOT NULL,
	CONSTRAINT "lane_queue_lane_id_seq_pk" PRIMARY KEY("lane_id","seq")
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
--> statement-breakpoint
CREATE TABLE "lanes" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "lanes_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"conversation_id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"direction" text NOT NULL,
	"last_seq" bigint DEFAULT 0 NOT NULL,
	"head_seq" bigint DEFAULT 1 NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone,
	"lease" uuid
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
--> statement-breakpoint
CREATE TABLE "message_keys" (
	"channel_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"message_id" uuid NOT NULL,
	"body_hash" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "message_keys_channel_id_kind_value_pk" PRIMARY KEY("channel_id","kind","value")
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"direction" text NOT NULL,
	"is_test" boolean DEFAULT false NOT NULL,
	"external_id" text,
	"contact_handle" text NOT NULL,
	"contact_name" text,
	"author" jsonb,
	"recipients" jsonb,
	"subject" text,
	"body" text NOT NULL,
	"body_format" text NOT NULL,
	"body_text" text NOT NULL,
	"raw" jsonb NOT NULL,
	"attachments" jsonb NOT NULL,
	"headers" jsonb,
	"reference" text,
	"thread_reason" text NOT NULL,
	"starts_conversation" boolean DEFAULT false NOT NULL,
	"signature_variant" text,
	"front_state" text DEFAULT 'none' NOT NULL,
	"message_uid" text,
	"front_message_id" text,
	"front_conversation_id" text,
	"accepted_at" timestamp with time zone,
	"confirmed_at" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "requests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"direction" text NOT NULL,
	"method" text NOT NULL,
	"path" text NOT NULL,
	"ip" text,
	"status" integer NOT NULL,
	"code" text NOT NULL,
	"message" text NOT NULL,
	"details" jsonb,
	"headers" jsonb NOT NULL,
	"body_excerpt" text,
	"body_bytes" integer NOT NULL,
	"message_id" uuid,
	"duration_ms" integer NOT NULL
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "sandbox_calls" (
	"id" text PRIMARY KEY NOT NULL,
	"method" text NOT NULL,
	"path" text NOT NULL,
	"status" integer NOT NULL,
	"warnings" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_channels" (
	"id" text PRIMARY KEY NOT NULL,
	"inbox_id" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"webhook_url" text,
	"settings" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_chat" (
	"id" text PRIMARY KEY NOT NULL,
	"channel_key" text NOT NULL,
	"visitor" text NOT NULL,
	"from_visitor" boolean NOT NULL,
	"author" text,
	"body" text NOT NULL,
	"attachments" jsonb NOT NULL,
	"webhook_id" text,
	"error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sandbox_chat_webhookId_unique" UNIQUE("webhook_id")
);
--> statement-breakpoint
CREATE TABLE "sandbox_conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"channel_id" text NOT NULL,
	"thread_ref" text,
	"handle" text NOT NULL,
	"name" text,
	"subject" text,
	"status" text DEFAULT 'unassigned' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_message_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_files" (
	"id" text PRIMARY KEY NOT NULL,
	"message_id" text NOT NULL,
	"filename" text NOT NULL,
	"content_type" text NOT NULL,
	"size" integer NOT NULL,
	"bytes" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"uid" text NOT NULL,
	"conversation_id" text NOT NULL,
	"channel_id" text NOT NULL,
	"is_inbound" boolean NOT NULL,
	"visible_at" timestamp with time zone NOT NULL,
	"resource" jsonb NOT NULL,
	"send_state" text,
	"send_error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sandbox_messages_uid_unique" UNIQUE("uid")
);
--> statement-breakpoint
CREATE TABLE "sandbox_settings" (
	"id" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"faults" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "targets" (
	"channel_id" uuid NOT NULL,
	"direction" text NOT NULL,
	"held_since" timestamp with time zone,
	"held_reason" text,
	"hold_until" timestamp with time zone,
	"hold_until_reason" text,
	"max_in_flight" integer,
	"rate_every" interval,
	"rate_burst" integer DEFAULT 1 NOT NULL,
	"tat" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	"failures_in_a_row" integer DEFAULT 0 NOT NULL,
	"last_delivered_at" timestamp with time zone,
	"last_failed_at" timestamp with time zone,
	"last_error" text,
	CONSTRAINT "targets_channel_id_direction_pk" PRIMARY KEY("channel_id","direction")
) WITH (fillfactor = 50);
--> statement-breakpoint
CREATE TABLE "throttles" (
	"key" text PRIMARY KEY NOT NULL,
	"tat" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"role" text NOT NULL,
	"session_epoch" integer DEFAULT 0 NOT NULL,
	"disabled_at" timestamp with time zone,
	"last_signed_in_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "channel_keys" ADD CONSTRAINT "channel_keys_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "front_conversations" ADD CONSTRAINT "front_conversations_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lane_queue" ADD CONSTRAINT "lane_queue_lane_id_lanes_id_fk" FOREIGN KEY ("lane_id") REFERENCES "public"."lanes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lanes" ADD CONSTRAINT "lanes_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "targets" ADD CONSTRAINT "targets_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attempts_delivery" ON "attempts" USING btree ("delivery_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_channel" ON "audit_events" USING btree ("channel_id","id");--> statement-breakpoint
CREATE INDEX "audit_events_subject" ON "audit_events" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "channel_keys_channel" ON "channel_keys" USING btree ("channel_id","purpose");--> statement-breakpoint
CREATE UNIQUE INDEX "channels_front_channel" ON "channels" USING btree ("company_id","front_channel_id") WHERE "channels"."archived_at" is null;--> statement-breakpoint
CREATE INDEX "confirmations_due" ON "confirmations" USING btree ("due_at");--> statement-breakpoint
CREATE UNIQUE INDEX "conversations_key" ON "conversations" USING btree ("channel_id","key");--> statement-breakpoint
CREATE INDEX "conversations_contact" ON "conversations" USING btree ("channel_id","contact_handle","last_message_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "front_conversations_conversation" ON "front_conversations" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "deliveries_channel" ON "deliveries" USING btree ("channel_id","id");--> statement-breakpoint
CREATE INDEX "deliveries_open" ON "deliveries" USING btree ("status","id") WHERE "deliveries"."status" <> 'delivered';--> statement-breakpoint
CREATE INDEX "files_message" ON "files" USING btree ("message_id");--> statement-breakpoint
CREATE UNIQUE INDEX "lane_queue_delivery" ON "lane_queue" USING btree ("delivery_id");--> statement-breakpoint
CREATE UNIQUE INDEX "lanes_conversation" ON "lanes" USING btree ("conversation_id","direction");--> statement-breakpoint
CREATE INDEX "lanes_due" ON "lanes" USING btree ("channel_id","direction","due_at") WHERE "lanes"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "lanes_in_flight" ON "lanes" USING btree ("channel_id","direction") WHERE "lanes"."lease" is not null;--> statement-breakpoint
CREATE INDEX "message_keys_value" ON "message_keys" USING btree ("value");--> statement-breakpoint
CREATE INDEX "messages_conversation" ON "messages" USING btree ("conversation_id","id");--> statement-breakpoint
CREATE INDEX "messages_contact" ON "messages" USING btree ("contact_handle" text_pattern_ops,"id");--> statement-breakpoint
CREATE INDEX "requests_channel" ON "requests" USING btree ("channel_id","id");--> statement-breakpoint
CREATE INDEX "sandbox_calls_time" ON "sandbox_calls" USING btree ("created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "sandbox_chat_visitor" ON "sandbox_chat" USING btree ("channel_key","visitor","created_at");--> statement-breakpoint
CREATE INDEX "sandbox_conversations_thread" ON "sandbox_conversations" USING btree ("channel_id","thread_ref","handle");--> statement-breakpoint
CREATE INDEX "sandbox_messages_conversation" ON "sandbox_messages" USING btree ("conversation_id","visible_at");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree (lower("email"));