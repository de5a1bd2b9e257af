DROP INDEX "verdicts_due";--> statement-breakpoint
CREATE INDEX "verdicts_by_due" ON "verdicts" USING btree ("due","expectation_id","reported");