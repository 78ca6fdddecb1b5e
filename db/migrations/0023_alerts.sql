CREATE TABLE "alert_destinations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"settings_sealed" text NOT NULL,
	"shown" text NOT NULL,
	"alerts" text[] NOT NULL,
	"channel_ids" uuid[],
	"failures_in_a_row" integer DEFAULT 5 NOT NULL,
	"backlog_minutes" integer DEFAULT 15 NOT NULL,
	"missing_count" integer DEFAULT 1 NOT NULL,
	"calm_minutes" integer DEFAULT 2 NOT NULL,
	"quiet_from" text,
	"quiet_to" text,
	"quiet_zone" text,
	"enabled" boolean DEFAULT true NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_states" (
	"destination_id" uuid NOT NULL,
	"channel_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"began_at" timestamp with time zone,
	"told_at" timestamp with time zone,
	"calm_since" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"held_back" boolean DEFAULT false NOT NULL,
	CONSTRAINT "alert_states_destination_id_channel_id_kind_pk" PRIMARY KEY("destination_id","channel_id","kind")
);
--> statement-breakpoint
ALTER TABLE "alert_states" ADD CONSTRAINT "alert_states_destination_id_alert_destinations_id_fk" FOREIGN KEY ("destination_id") REFERENCES "public"."alert_destinations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_states" ADD CONSTRAINT "alert_states_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE cascade ON UPDATE no action;