CREATE TABLE "channels" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"settings" text NOT NULL,
	"tells" text NOT NULL,
	"matching" text,
	"is_default" boolean NOT NULL,
	"remind_every" bigint,
	"is_enabled" boolean NOT NULL,
	"created_at" bigint NOT NULL,
	"ended_at" bigint,
	"failing_since" bigint,
	"failures" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"channel_id" bigint NOT NULL,
	"kind" text NOT NULL,
	"expectation_id" bigint,
	"incident_id" bigint,
	"flood_id" bigint,
	"due" bigint,
	"about" text NOT NULL,
	"created_at" bigint NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"held_by" text,
	"next_at" bigint,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"parts" bigint DEFAULT 0 NOT NULL,
	"settled_at" bigint,
	"said" text,
	CONSTRAINT "deliveries_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "floods" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"channel_id" bigint NOT NULL,
	"began_at" bigint NOT NULL,
	"last_at" bigint NOT NULL,
	"misses" bigint NOT NULL,
	"over_at" bigint,
	"ended_at" bigint
);
--> statement-breakpoint
CREATE TABLE "maintenance" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"schedule" text,
	"time_zone" text NOT NULL,
	"lasts" bigint,
	"starts_at" bigint,
	"ends_at" bigint,
	"matching" text,
	"created_by" text NOT NULL,
	"created_at" bigint NOT NULL,
	"ended_at" bigint
);
--> statement-breakpoint
CREATE TABLE "tellings" (
	"channel_id" bigint NOT NULL,
	"expectation_id" bigint NOT NULL,
	"told" text NOT NULL,
	"thread" text NOT NULL,
	"incident_id" bigint NOT NULL,
	"flood_id" bigint,
	"since" bigint NOT NULL,
	"remind_at" bigint,
	"about" text NOT NULL,
	CONSTRAINT "tellings_once" PRIMARY KEY("channel_id","expectation_id")
);
--> statement-breakpoint
CREATE TABLE "unjudged" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"expectation_id" bigint NOT NULL,
	"first_due" bigint NOT NULL,
	"last_due" bigint NOT NULL,
	"times" bigint NOT NULL,
	"blind" bigint NOT NULL,
	"noted_at" bigint NOT NULL,
	"told_at" bigint,
	"settled_as" text
);
--> statement-breakpoint
ALTER TABLE "expectations" ADD COLUMN "alert_after" bigint DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "expectations" ADD COLUMN "recover_after" bigint DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "expectations" ADD COLUMN "severity" text DEFAULT 'critical' NOT NULL;--> statement-breakpoint
ALTER TABLE "expectations" ADD COLUMN "channels" text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "assigned_to" text;--> statement-breakpoint
ALTER TABLE "incidents" ADD COLUMN "snoozed_until" bigint;--> statement-breakpoint
CREATE INDEX "deliveries_waiting" ON "deliveries" USING btree ("next_at") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "deliveries_pair" ON "deliveries" USING btree ("channel_id","expectation_id","id") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "deliveries_held" ON "deliveries" USING btree ("held_by","id") WHERE held_by is not null;--> statement-breakpoint
CREATE INDEX "deliveries_channel" ON "deliveries" USING btree ("channel_id","id");--> statement-breakpoint
CREATE INDEX "deliveries_incident" ON "deliveries" USING btree ("incident_id");--> statement-breakpoint
CREATE INDEX "deliveries_flood" ON "deliveries" USING btree ("flood_id");--> statement-breakpoint
CREATE INDEX "deliveries_created" ON "deliveries" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "floods_on" ON "floods" USING btree ("channel_id") WHERE over_at is null;--> statement-breakpoint
CREATE INDEX "floods_ended" ON "floods" USING btree ("ended_at");--> statement-breakpoint
CREATE INDEX "tellings_remind" ON "tellings" USING btree ("remind_at");--> statement-breakpoint
CREATE INDEX "tellings_expectation" ON "tellings" USING btree ("expectation_id");--> statement-breakpoint
CREATE INDEX "tellings_flood" ON "tellings" USING btree ("flood_id");--> statement-breakpoint
CREATE UNIQUE INDEX "unjudged_untold" ON "unjudged" USING btree ("expectation_id") WHERE told_at is null;--> statement-breakpoint
CREATE INDEX "unjudged_of" ON "unjudged" USING btree ("expectation_id","last_due");