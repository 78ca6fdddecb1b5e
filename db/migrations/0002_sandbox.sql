CREATE TABLE "sandbox_comments" (
	"id" text PRIMARY KEY NOT NULL,
	"conversation_id" text NOT NULL,
	"author" text,
	"body" text NOT NULL,
	"is_pinned" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_faults" (
	"side" text NOT NULL,
	"kind" text NOT NULL,
	"remaining" integer,
	"percent" integer,
	"every_call" boolean DEFAULT false NOT NULL,
	"options" jsonb NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sandbox_faults_side_kind_pk" PRIMARY KEY("side","kind")
);
--> statement-breakpoint
CREATE TABLE "sandbox_providers" (
	"channel_key" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"bearer_key_sealed" text NOT NULL,
	"signing_secret_sealed" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sandbox_calls" ADD COLUMN "fault" text;--> statement-breakpoint
ALTER TABLE "sandbox_calls" ADD COLUMN "error" text;--> statement-breakpoint
ALTER TABLE "sandbox_calls" ADD COLUMN "took_ms" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_channels" ADD COLUMN "address" text NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_channels" ADD COLUMN "contact_type" text DEFAULT 'custom' NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_channels" ADD COLUMN "reply_mode" text DEFAULT 'this_channel' NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_messages" ADD COLUMN "content" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_settings" ADD COLUMN "visible_delay_ms" integer DEFAULT 1500 NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_settings" ADD COLUMN "requests_per_minute" integer DEFAULT 200 NOT NULL;--> statement-breakpoint
CREATE INDEX "sandbox_comments_conversation" ON "sandbox_comments" USING btree ("conversation_id","created_at");--> statement-breakpoint
CREATE INDEX "sandbox_channels_inbox" ON "sandbox_channels" USING btree ("inbox_id","created_at");--> statement-breakpoint
CREATE INDEX "sandbox_conversations_newest" ON "sandbox_conversations" USING btree ("last_message_at" DESC NULLS LAST,"id");--> statement-breakpoint
ALTER TABLE "sandbox_messages" DROP COLUMN "resource";--> statement-breakpoint
ALTER TABLE "sandbox_settings" DROP COLUMN "faults";--> statement-breakpoint
ALTER TABLE "sandbox_channels" ADD CONSTRAINT "sandbox_channels_address_unique" UNIQUE("address");