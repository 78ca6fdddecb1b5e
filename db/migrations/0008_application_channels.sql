CREATE TABLE "apps" (
	"id" uuid PRIMARY KEY NOT NULL,
	"company_id" uuid NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"uid" text NOT NULL,
	"secret_sealed" text NOT NULL,
	"previous_secret_sealed" text,
	"previous_secret_until" timestamp with time zone,
	"auth_method" text DEFAULT 'api_token' NOT NULL,
	"credentials" text DEFAULT 'private' NOT NULL,
	"composer" text DEFAULT 'basic' NOT NULL,
	"timeline" text DEFAULT 'standard' NOT NULL,
	"notes" text,
	"error_status" text DEFAULT 'ok' NOT NULL,
	"oauth_client_id" text NOT NULL,
	"oauth_client_secret_hash" text,
	"redirect_hosts" text[] DEFAULT '{"*.frontapp.com","*.front.com"}' NOT NULL,
	"pinned_redirect_uri" text,
	"signature_variant" text,
	"last_seen_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"archived_at" timestamp with time zone,
	CONSTRAINT "apps_key_unique" UNIQUE("key"),
	CONSTRAINT "apps_oauthClientId_unique" UNIQUE("oauth_client_id")
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"parent_external_id" text,
	"direction" text NOT NULL,
	"party_handle" text NOT NULL,
	"party_name" text,
	"agent_email" text,
	"status" text NOT NULL,
	"started_at_ms" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_event_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "connection_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"connection_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"token_hash" text NOT NULL,
	"redirect_uri" text,
	"code_challenge" text,
	"code_challenge_method" text,
	"scope" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone,
	"used_at" timestamp with time zone,
	CONSTRAINT "connection_tokens_tokenHash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"id" uuid PRIMARY KEY NOT NULL,
	"app_id" uuid NOT NULL,
	"channel_id" uuid,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"address" text,
	"hint" text,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp with time zone,
	"credential_variant" text,
	"revoked_at" timestamp with time zone,
	"revoked_by" text
);
--> statement-breakpoint
CREATE TABLE "conversation_aliases" (
	"channel_id" uuid NOT NULL,
	"reference" text NOT NULL,
	"conversation_id" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "conversation_aliases_channel_id_reference_pk" PRIMARY KEY("channel_id","reference")
);
--> statement-breakpoint
CREATE TABLE "message_templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"name" text NOT NULL,
	"blurb" text NOT NULL,
	"is_disabled" boolean DEFAULT false NOT NULL,
	"status_name" text NOT NULL,
	"variable_mappings" jsonb NOT NULL,
	"template_preview" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"channel_id" uuid NOT NULL,
	"conversation_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject_id" uuid NOT NULL,
	"payload" jsonb NOT NULL,
	"result" jsonb,
	"created_by" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
) PARTITION BY RANGE ("id");
--> statement-breakpoint
ALTER TABLE "requests" ALTER COLUMN "channel_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "app_id" uuid;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "connected_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "disconnected_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "offline_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "offline_by" text;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "offline_reason" text;--> statement-breakpoint
ALTER TABLE "channels" ADD COLUMN "offline_after_failures" integer DEFAULT 3;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "kind" text DEFAULT 'conversation' NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "kind" text DEFAULT 'message' NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "reported_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "kind" text DEFAULT 'message' NOT NULL;--> statement-breakpoint
ALTER TABLE "requests" ADD COLUMN "app_id" uuid;--> statement-breakpoint
ALTER TABLE "targets" ADD COLUMN "credential_failures" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "apps" ADD CONSTRAINT "apps_company_id_companies_id_fk" FOREIGN KEY ("company_id") REFERENCES "public"."companies"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection_tokens" ADD CONSTRAINT "connection_tokens_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "conversation_aliases" ADD CONSTRAINT "conversation_aliases_conversation_id_conversations_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_templates" ADD CONSTRAINT "message_templates_channel_id_channels_id_fk" FOREIGN KEY ("channel_id") REFERENCES "public"."channels"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "apps_company" ON "apps" USING btree ("company_id");--> statement-breakpoint
CREATE UNIQUE INDEX "calls_external_id" ON "calls" USING btree ("channel_id","external_id");--> statement-breakpoint
CREATE INDEX "calls_channel" ON "calls" USING btree ("channel_id","id");--> statement-breakpoint
CREATE INDEX "connection_tokens_connection" ON "connection_tokens" USING btree ("connection_id","purpose");--> statement-breakpoint
CREATE INDEX "connections_app" ON "connections" USING btree ("app_id","id");--> statement-breakpoint
CREATE INDEX "connections_channel" ON "connections" USING btree ("channel_id");--> statement-breakpoint
CREATE UNIQUE INDEX "connections_address" ON "connections" USING btree ("app_id","address") WHERE "connections"."address" is not null and "connections"."revoked_at" is null;--> statement-breakpoint
CREATE INDEX "conversation_aliases_conversation" ON "conversation_aliases" USING btree ("conversation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "message_templates_external_id" ON "message_templates" USING btree ("channel_id","external_id");--> statement-breakpoint
CREATE INDEX "reports_subject" ON "reports" USING btree ("subject_id","id");--> statement-breakpoint
CREATE INDEX "reports_channel" ON "reports" USING btree ("channel_id","id");--> statement-breakpoint
ALTER TABLE "channels" ADD CONSTRAINT "channels_app_id_apps_id_fk" FOREIGN KEY ("app_id") REFERENCES "public"."apps"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "requests_app" ON "requests" USING btree ("app_id","id");