ALTER TABLE "channels" ADD COLUMN "held_per_minute" integer;--> statement-breakpoint
ALTER TABLE "targets" ADD COLUMN "draining" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX "targets_draining" ON "targets" USING btree ("channel_id") WHERE "targets"."draining";