CREATE TABLE `places` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`event_id` integer NOT NULL,
	`repo` text NOT NULL,
	`path` text NOT NULL,
	`line` integer NOT NULL,
	`more` integer NOT NULL,
	`link` text,
	`first_commit` text NOT NULL,
	`first_at` integer NOT NULL,
	`last_commit` text NOT NULL,
	`last_at` integer NOT NULL,
	`gone_commit` text,
	`gone_at` integer,
	`as_of_commit` text NOT NULL,
	`as_of` integer NOT NULL,
	`pushed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `places_once` ON `places` (`event_id`,`repo`,`path`);--> statement-breakpoint
CREATE INDEX `places_repo` ON `places` (`repo`);