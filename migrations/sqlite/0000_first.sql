CREATE TABLE `affirmations` (
	`id` integer PRIMARY KEY NOT NULL,
	`event_id` integer NOT NULL,
	`env_id` integer NOT NULL,
	`at` integer NOT NULL,
	`status` integer NOT NULL,
	`source` text NOT NULL,
	`value` text,
	`client_id` text
);
--> statement-breakpoint
CREATE INDEX `affirmations_counted` ON `affirmations` (`event_id`,`env_id`,`at`,`status`);--> statement-breakpoint
CREATE UNIQUE INDEX `affirmations_client_id` ON `affirmations` (`event_id`,`env_id`,`client_id`) WHERE client_id is not null;--> statement-breakpoint
CREATE TABLE `environments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `environments_name_unique` ON `environments` (`name`);--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`tags` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_key_unique` ON `events` (`key`);--> statement-breakpoint
CREATE UNIQUE INDEX `events_name_unique` ON `events` (`name`);--> statement-breakpoint
CREATE TABLE `expectations` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`event_id` integer NOT NULL,
	`tags` text NOT NULL,
	`terms_id` integer NOT NULL,
	`owed_terms_id` integer,
	`terms_since` integer NOT NULL,
	`created_at` integer NOT NULL,
	`since` integer NOT NULL,
	`paused_at` integer,
	`next_due` integer,
	`check_at` integer,
	`window_start` integer NOT NULL,
	`last_due` integer,
	`last_verdict` text,
	`caught_up` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `expectations_check` ON `expectations` (`check_at`);--> statement-breakpoint
CREATE INDEX `expectations_event` ON `expectations` (`event_id`);--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`expectation_id` integer NOT NULL,
	`opened_at` integer NOT NULL,
	`opened_due` integer NOT NULL,
	`closed_at` integer,
	`closed_due` integer,
	`acknowledged_at` integer,
	`acknowledged_by` text,
	`note` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `incidents_open` ON `incidents` (`expectation_id`) WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX `incidents_expectation` ON `incidents` (`expectation_id`);--> statement-breakpoint
CREATE TABLE `listening` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`node` text NOT NULL,
	`span_from` integer NOT NULL,
	`span_to` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `listening_to` ON `listening` (`span_to`);--> statement-breakpoint
CREATE TABLE `news` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`event_id` integer NOT NULL,
	`env_id` integer NOT NULL,
	`at` integer NOT NULL,
	`status` integer NOT NULL,
	`source` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `removed` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`ref` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `terms` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`expectation_id` integer NOT NULL,
	`env_id` integer NOT NULL,
	`schedule` text NOT NULL,
	`time_zone` text NOT NULL,
	`at_least` integer NOT NULL,
	`at_most` integer,
	`counting` text NOT NULL,
	`lookback` integer,
	`grace` integer NOT NULL,
	`filter` text,
	`ignore_failures` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `terms_expectation` ON `terms` (`expectation_id`);--> statement-breakpoint
CREATE TABLE `verdicts` (
	`expectation_id` integer NOT NULL,
	`due` integer NOT NULL,
	`reported` integer NOT NULL,
	`terms_id` integer NOT NULL,
	`verdict` text NOT NULL,
	`reason` text NOT NULL,
	`observed` integer NOT NULL,
	`blind` integer NOT NULL,
	`window_from` integer NOT NULL,
	`window_to` integer NOT NULL,
	`decided_at` integer NOT NULL,
	`amended_from` text,
	`amended_at` integer,
	`amended_reason` text,
	PRIMARY KEY(`expectation_id`, `due`, `reported`)
);
--> statement-breakpoint
CREATE INDEX `verdicts_due` ON `verdicts` (`due`);