CREATE TABLE "sandbox_apps" (
	"uid" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"secret_sealed" text NOT NULL,
	"server_url" text,
	"auth_method" text DEFAULT 'api_token' NOT NULL,
	"credentials" text DEFAULT 'private' NOT NULL,
	"credential_variant" text DEFAULT 'bearer' NOT NULL,
	"contact_type" text DEFAULT 'custom' NOT NULL,
	"takes_templates" boolean DEFAULT true NOT NULL,
	"tells_conversation_ids" boolean DEFAULT false NOT NULL,
	"authorize_url" text,
	"token_url" text,
	"refresh_url" text,
	"introspection_url" text,
	"client_id" text,
	"client_secret_sealed" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_conversation_ids" (
	"channel_id" text NOT NULL,
	"external_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sandbox_conversation_ids_channel_id_external_id_pk" PRIMARY KEY("channel_id","external_id")
);
--> statement-breakpoint
CREATE TABLE "sandbox_credentials" (
	"id" text PRIMARY KEY NOT NULL,
	"app_uid" text NOT NULL,
	"sealed" text NOT NULL,
	"expires_at" timestamp with time zone,
	"owner" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_sign_ins" (
	"state" text PRIMARY KEY NOT NULL,
	"app_uid" text NOT NULL,
	"inbox_id" text NOT NULL,
	"channel_name" text,
	"channel_id" text,
	"redirect_uri" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_token_ids" (
	"app_uid" text NOT NULL,
	"jti" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "sandbox_token_ids_app_uid_jti_pk" PRIMARY KEY("app_uid","jti")
);
--> statement-breakpoint
CREATE TABLE "sandbox_phone_calls" (
	"id" text PRIMARY KEY NOT NULL,
	"channel_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"external_id" text NOT NULL,
	"parent_external_id" text NOT NULL,
	"direction" text NOT NULL,
	"party_handle" text NOT NULL,
	"party_name" text,
	"status" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_phone_events" (
	"id" text PRIMARY KEY NOT NULL,
	"call_id" text NOT NULL,
	"content" jsonb NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sandbox_templates" (
	"id" text PRIMARY KEY NOT NULL,
	"channel_id" text NOT NULL,
	"external_id" text NOT NULL,
	"name" text NOT NULL,
	"blurb" text NOT NULL,
	"is_disabled" boolean NOT NULL,
	"status_name" text NOT NULL,
	"variable_mappings" jsonb NOT NULL,
	"preview" text NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "sandbox_channels" DROP CONSTRAINT "sandbox_channels_address_unique";--> statement-breakpoint
ALTER TABLE "sandbox_calls" ADD COLUMN "direction" text DEFAULT 'to_front' NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_calls" ADD COLUMN "event" text;--> statement-breakpoint
ALTER TABLE "sandbox_channels" ADD COLUMN "app_uid" text;--> statement-breakpoint
ALTER TABLE "sandbox_channels" ADD COLUMN "credential_id" text;--> statement-breakpoint
ALTER TABLE "sandbox_channels" ADD COLUMN "status" text DEFAULT 'ok' NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_channels" ADD COLUMN "status_reason" text;--> statement-breakpoint
ALTER TABLE "sandbox_channels" ADD COLUMN "auto_replies" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_channels" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "sandbox_conversations" ADD COLUMN "merged_into" text;--> statement-breakpoint
ALTER TABLE "sandbox_messages" ADD COLUMN "kind" text DEFAULT 'message' NOT NULL;--> statement-breakpoint
ALTER TABLE "sandbox_messages" ADD COLUMN "external_id" text;--> statement-breakpoint
CREATE INDEX "sandbox_conversation_ids_conversation" ON "sandbox_conversation_ids" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "sandbox_sign_ins_time" ON "sandbox_sign_ins" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "sandbox_token_ids_end" ON "sandbox_token_ids" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "sandbox_phone_calls_external_id" ON "sandbox_phone_calls" USING btree ("channel_id","external_id");--> statement-breakpoint
CREATE INDEX "sandbox_phone_calls_conversation" ON "sandbox_phone_calls" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "sandbox_phone_events_call" ON "sandbox_phone_events" USING btree ("call_id","occurred_at");--> statement-breakpoint
CREATE UNIQUE INDEX "sandbox_templates_external_id" ON "sandbox_templates" USING btree ("channel_id","external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sandbox_channels_address" ON "sandbox_channels" USING btree (coalesce("app_uid", ''),"address") WHERE "sandbox_channels"."deleted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "sandbox_messages_external_id" ON "sandbox_messages" USING btree ("channel_id","external_id");