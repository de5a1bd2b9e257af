CREATE TABLE `judging` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`up_to` integer NOT NULL
);
--> statement-breakpoint
INSERT INTO `judging` (`up_to`) SELECT coalesce(max(`span_to`), 0) FROM `listening`;
