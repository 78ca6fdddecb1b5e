CREATE TABLE "breaker_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"direction" text NOT NULL,
	"kind" text NOT NULL,
	"reason" text,
	"by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "targets" ADD COLUMN "target_faults" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "targets" ADD COLUMN "breaker_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "targets" ADD COLUMN "breaker_reason" text;--> statement-breakpoint
ALTER TABLE "targets" ADD COLUMN "breaker_probes" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "breaker_events" ADD CONSTRAINT "breaker_events_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "breaker_events_target" ON "breaker_events" USING btree ("channel_id","direction","id");