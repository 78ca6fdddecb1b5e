CREATE TABLE "recoveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"filter" jsonb NOT NULL,
	"way" text DEFAULT 'today' NOT NULL,
	"per_minute" integer NOT NULL,
	"reason" text,
	"status" text DEFAULT 'queueing' NOT NULL,
	"cursor" uuid,
	"total" integer DEFAULT 0 NOT NULL,
	"waiting" integer DEFAULT 0 NOT NULL,
	"sending" integer DEFAULT 0 NOT NULL,
	"delivered" integer DEFAULT 0 NOT NULL,
	"failed" integer DEFAULT 0 NOT NULL,
	"skipped" integer DEFAULT 0 NOT NULL,
	"cancelled" integer DEFAULT 0 NOT NULL,
	"tat" timestamp with time zone,
	"fed_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"stopped_by" text,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "recovery_items" (
	"recovery_id" uuid NOT NULL,
	"delivery_id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"direction" text NOT NULL,
	"state" text NOT NULL,
	"look_at" timestamp with time zone DEFAULT now() NOT NULL,
	"note" text,
	CONSTRAINT "recovery_items_recovery_id_delivery_id_pk" PRIMARY KEY("recovery_id","delivery_id")
);
--> statement-breakpoint
CREATE TABLE "recovery_targets" (
	"recovery_id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"direction" text NOT NULL,
	"total" integer NOT NULL,
	CONSTRAINT "recovery_targets_recovery_id_channel_id_direction_pk" PRIMARY KEY("recovery_id","channel_id","direction")
);
--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "format" text;--> statement-breakpoint
ALTER TABLE "attempts" ADD COLUMN "as_was" boolean;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "retry_as" jsonb;--> statement-breakpoint
ALTER TABLE "recovery_items" ADD CONSTRAINT "recovery_items_recovery_id_recoveries_id_fk" FOREIGN KEY ("recovery_id") REFERENCES "public"."recoveries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_targets" ADD CONSTRAINT "recovery_targets_recovery_id_recoveries_id_fk" FOREIGN KEY ("recovery_id") REFERENCES "public"."recoveries"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "recoveries_open" ON "recoveries" USING btree ("id") WHERE "recoveries"."ended_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "recovery_items_once" ON "recovery_items" USING btree ("delivery_id") WHERE "recovery_items"."state" in ('behind', 'waiting', 'sending', 'retrying');--> statement-breakpoint
CREATE INDEX "recovery_items_next" ON "recovery_items" USING btree ("recovery_id","channel_id","direction","look_at","delivery_id") WHERE "recovery_items"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "recovery_items_conversation" ON "recovery_items" USING btree ("recovery_id","conversation_id","direction","delivery_id") WHERE "recovery_items"."state" in ('behind', 'waiting', 'sending', 'retrying');--> statement-breakpoint
CREATE INDEX "recovery_items_fed" ON "recovery_items" USING btree ("recovery_id","look_at") WHERE "recovery_items"."state" in ('sending', 'retrying');--> statement-breakpoint
CREATE INDEX "recovery_items_sending" ON "recovery_items" USING btree ("channel_id","direction") WHERE "recovery_items"."state" = 'sending';--> statement-breakpoint
CREATE INDEX "recovery_items_left" ON "recovery_items" USING btree ("recovery_id","state","delivery_id") WHERE "recovery_items"."state" in ('failed', 'skipped');