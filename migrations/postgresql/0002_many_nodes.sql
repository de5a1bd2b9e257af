CREATE TABLE "client_ids" (
	"event_id" bigint NOT NULL,
	"env_id" bigint NOT NULL,
	"client_id" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
INSERT INTO "client_ids" SELECT "event_id", "env_id", "client_id", "at" FROM "affirmations" WHERE "client_id" IS NOT NULL;--> statement-breakpoint
ALTER TABLE "client_ids" ADD CONSTRAINT "client_ids_once" PRIMARY KEY("event_id","env_id","client_id");--> statement-breakpoint
CREATE INDEX "client_ids_at" ON "client_ids" USING btree ("at");--> statement-breakpoint
CREATE TABLE "judging" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"up_to" bigint NOT NULL
);
--> statement-breakpoint
INSERT INTO "judging" ("up_to") SELECT coalesce(max("span_to"), 0) FROM "listening";--> statement-breakpoint
DROP INDEX "expectations_check";--> statement-breakpoint
CREATE INDEX "expectations_check" ON "expectations" USING btree ("check_at","id");--> statement-breakpoint
ALTER TABLE "affirmations" RENAME TO "affirmations_before";--> statement-breakpoint
ALTER TABLE "affirmations_before" DROP CONSTRAINT "affirmations_pkey";--> statement-breakpoint
DROP INDEX "affirmations_client_id";--> statement-breakpoint
ALTER INDEX "affirmations_counted" RENAME TO "affirmations_before_counted";--> statement-breakpoint
CREATE TABLE "affirmations" (LIKE "affirmations_before" INCLUDING DEFAULTS) PARTITION BY RANGE ("at");--> statement-breakpoint
ALTER SEQUENCE "affirmations_id_seq" OWNED BY "affirmations"."id";--> statement-breakpoint
CREATE INDEX "affirmations_counted" ON "affirmations" USING btree ("event_id","env_id","at","status");--> statement-breakpoint
-- What is there becomes the first partition, up to the end of a day after all of it; where nothing is there, it goes.
DO $$
DECLARE
	day CONSTANT bigint := 86400000;
	last bigint;
BEGIN
	SELECT max("at") INTO last FROM "affirmations_before";
	IF last IS NULL THEN
		DROP TABLE "affirmations_before";
	ELSE
		last := greatest(last, (extract(epoch FROM now()) * 1000)::bigint);
		EXECUTE format('ALTER TABLE "affirmations" ATTACH PARTITION "affirmations_before" FOR VALUES FROM (MINVALUE) TO (%s)', (last / day + 1) * day);
	END IF;
END $$;
