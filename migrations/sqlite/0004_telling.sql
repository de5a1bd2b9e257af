CREATE TABLE `channels` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`settings` text NOT NULL,
	`tells` text NOT NULL,
	`matching` text,
	`is_default` integer NOT NULL,
	`remind_every` integer,
	`is_enabled` integer NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer,
	`failing_since` integer,
	`failures` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`channel_id` integer NOT NULL,
	`kind` text NOT NULL,
	`expectation_id` integer,
	`incident_id` integer,
	`flood_id` integer,
	`due` integer,
	`about` text NOT NULL,
	`created_at` integer NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`held_by` text,
	`next_at` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`parts` integer DEFAULT 0 NOT NULL,
	`settled_at` integer,
	`said` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_key_unique` ON `deliveries` (`key`);--> statement-breakpoint
CREATE INDEX `deliveries_waiting` ON `deliveries` (`next_at`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `deliveries_pair` ON `deliveries` (`channel_id`,`expectation_id`,`id`) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX `deliveries_held` ON `deliveries` (`held_by`,`id`) WHERE held_by is not null;--> statement-breakpoint
CREATE INDEX `deliveries_channel` ON `deliveries` (`channel_id`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_incident` ON `deliveries` (`incident_id`);--> statement-breakpoint
CREATE INDEX `deliveries_flood` ON `deliveries` (`flood_id`);--> statement-breakpoint
CREATE INDEX `deliveries_created` ON `deliveries` (`created_at`);--> statement-breakpoint
CREATE TABLE `floods` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`channel_id` integer NOT NULL,
	`began_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`misses` integer NOT NULL,
	`over_at` integer,
	`ended_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `floods_on` ON `floods` (`channel_id`) WHERE over_at is null;--> statement-breakpoint
CREATE INDEX `floods_ended` ON `floods` (`ended_at`);--> statement-breakpoint
CREATE TABLE `maintenance` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`schedule` text,
	`time_zone` text NOT NULL,
	`lasts` integer,
	`starts_at` integer,
	`ends_at` integer,
	`matching` text,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`ended_at` integer
);
--> statement-breakpoint
CREATE TABLE `tellings` (
	`channel_id` integer NOT NULL,
	`expectation_id` integer NOT NULL,
	`told` text NOT NULL,
	`thread` text NOT NULL,
	`incident_id` integer NOT NULL,
	`flood_id` integer,
	`since` integer NOT NULL,
	`remind_at` integer,
	`about` text NOT NULL,
	PRIMARY KEY(`channel_id`, `expectation_id`)
);
--> statement-breakpoint
CREATE INDEX `tellings_remind` ON `tellings` (`remind_at`);--> statement-breakpoint
CREATE INDEX `tellings_expectation` ON `tellings` (`expectation_id`);--> statement-breakpoint
CREATE INDEX `tellings_flood` ON `tellings` (`flood_id`);--> statement-breakpoint
CREATE TABLE `unjudged` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`expectation_id` integer NOT NULL,
	`first_due` integer NOT NULL,
	`last_due` integer NOT NULL,
	`times` integer NOT NULL,
	`blind` integer NOT NULL,
	`noted_at` integer NOT NULL,
	`told_at` integer,
	`settled_as` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `unjudged_untold` ON `unjudged` (`expectation_id`) WHERE told_at is null;--> statement-breakpoint
CREATE INDEX `unjudged_of` ON `unjudged` (`expectation_id`,`last_due`);--> statement-breakpoint
ALTER TABLE `expectations` ADD `alert_after` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `expectations` ADD `recover_after` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `expectations` ADD `severity` text DEFAULT 'critical' NOT NULL;--> statement-breakpoint
ALTER TABLE `expectations` ADD `channels` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `incidents` ADD `assigned_to` text;--> statement-breakpoint
ALTER TABLE `incidents` ADD `snoozed_until` integer;