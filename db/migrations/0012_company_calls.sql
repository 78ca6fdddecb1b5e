ALTER TABLE "companies" ADD COLUMN "calls_every" interval;--> statement-breakpoint
ALTER TABLE "companies" ADD COLUMN "calls_burst" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "companies" ADD COLUMN "calls_tat" timestamp with time zone DEFAULT '-infinity' NOT NULL;