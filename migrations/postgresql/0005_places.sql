CREATE TABLE "places" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"event_id" bigint NOT NULL,
	"repo" text NOT NULL,
	"path" text NOT NULL,
	"line" bigint NOT NULL,
	"more" bigint NOT NULL,
	"link" text,
	"first_commit" text NOT NULL,
	"first_at" bigint NOT NULL,
	"last_commit" text NOT NULL,
	"last_at" bigint NOT NULL,
	"gone_commit" text,
	"gone_at" bigint,
	"as_of_commit" text NOT NULL,
	"as_of" bigint NOT NULL,
	"pushed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "places_once" ON "places" USING btree ("event_id","repo","path");--> statement-breakpoint
CREATE INDEX "places_repo" ON "places" USING btree ("repo");