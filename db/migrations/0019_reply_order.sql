ALTER TABLE "front_conversations" ADD COLUMN "last_reply_id" uuid;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "after_id" uuid;