CREATE TABLE "affirmations" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"event_id" bigint NOT NULL,
	"env_id" bigint NOT NULL,
	"at" bigint NOT NULL,
	"status" smallint NOT NULL,
	"source" text NOT NULL,
	"value" text,
	"client_id" text
);
--> statement-breakpoint
CREATE TABLE "environments" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	CONSTRAINT "environments_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"tags" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "events_key_unique" UNIQUE("key"),
	CONSTRAINT "events_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "expectations" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"event_id" bigint NOT NULL,
	"tags" text NOT NULL,
	"terms_id" bigint NOT NULL,
	"owed_terms_id" bigint,
	"terms_since" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"since" bigint NOT NULL,
	"paused_at" bigint,
	"next_due" bigint,
	"check_at" bigint,
	"window_start" bigint NOT NULL,
	"last_due" bigint,
	"last_verdict" text,
	"caught_up" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"expectation_id" bigint NOT NULL,
	"opened_at" bigint NOT NULL,
	"opened_due" bigint NOT NULL,
	"closed_at" bigint,
	"closed_due" bigint,
	"acknowledged_at" bigint,
	"acknowledged_by" text,
	"note" text
);
--> statement-breakpoint
CREATE TABLE "listening" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"node" text NOT NULL,
	"span_from" bigint NOT NULL,
	"span_to" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "news" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"event_id" bigint NOT NULL,
	"env_id" bigint NOT NULL,
	"at" bigint NOT NULL,
	"status" smallint NOT NULL,
	"source" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "removed" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"ref" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "terms" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"expectation_id" bigint NOT NULL,
	"env_id" bigint NOT NULL,
	"schedule" text NOT NULL,
	"time_zone" text NOT NULL,
	"at_least" bigint NOT NULL,
	"at_most" bigint,
	"counting" text NOT NULL,
	"lookback" bigint,
	"grace" bigint NOT NULL,
	"filter" text,
	"ignore_failures" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "verdicts" (
	"expectation_id" bigint NOT NULL,
	"due" bigint NOT NULL,
	"reported" boolean NOT NULL,
	"terms_id" bigint NOT NULL,
	"verdict" text NOT NULL,
	"reason" text NOT NULL,
	"observed" bigint NOT NULL,
	"blind" bigint NOT NULL,
	"window_from" bigint NOT NULL,
	"window_to" bigint NOT NULL,
	"decided_at" bigint NOT NULL,
	"amended_from" text,
	"amended_at" bigint,
	"amended_reason" text,
	CONSTRAINT "verdicts_once" PRIMARY KEY("expectation_id","due","reported")
);
--> statement-breakpoint
CREATE INDEX "affirmations_counted" ON "affirmations" USING btree ("event_id","env_id","at","status");--> statement-breakpoint
CREATE UNIQUE INDEX "affirmations_client_id" ON "affirmations" USING btree ("event_id","env_id","client_id") WHERE client_id is not null;--> statement-breakpoint
CREATE INDEX "expectations_check" ON "expectations" USING btree ("check_at");--> statement-breakpoint
CREATE INDEX "expectations_event" ON "expectations" USING btree ("event_id");--> statement-breakpoint
CREATE UNIQUE INDEX "incidents_open" ON "incidents" USING btree ("expectation_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "incidents_expectation" ON "incidents" USING btree ("expectation_id");--> statement-breakpoint
CREATE INDEX "listening_to" ON "listening" USING btree ("span_to");--> statement-breakpoint
CREATE INDEX "terms_expectation" ON "terms" USING btree ("expectation_id");--> statement-breakpoint
CREATE INDEX "verdicts_due" ON "verdicts" USING btree ("due");