CREATE INDEX `audit_subject` ON `audit` (`subject`,`position`);

CREATE INDEX `executions_completed` ON `executions` (`completed_at`,`id`) WHERE listed is not null and completed_at is not null;

CREATE INDEX `executions_concurrency` ON `executions` (`concurrency_key`,`started_at`,`id`) WHERE concurrency_key is not null;

CREATE INDEX `executions_document` ON `executions` (`document_hash`) WHERE listed is not null;

CREATE INDEX `executions_folded` ON `executions` (`folded_id`) WHERE folded_id is not null;

CREATE INDEX `executions_holding` ON `executions` (`concurrency_key`) WHERE concurrency_key is not null and completed_at is null and turn is null;

CREATE UNIQUE INDEX `executions_id` ON `executions` (`id`);

CREATE UNIQUE INDEX `executions_idempotency` ON `executions` (`workflow_id`,`idempotency_key`) WHERE idempotency_key is not null;

CREATE INDEX `executions_line` ON `executions` (`concurrency_key`,`turn`) WHERE turn is not null;

CREATE INDEX `executions_listed` ON `executions` (`listed`,`id`) WHERE listed is not null;

CREATE INDEX `executions_mail` ON `executions` (`owner`) WHERE owner is not null and inbox > 0;

CREATE INDEX `executions_owned` ON `executions` (`owner`,`n`) WHERE owner is not null;

CREATE INDEX `executions_parent` ON `executions` (`parent_id`,`started_at`,`id`) WHERE parent_id is not null;

CREATE INDEX `executions_ready` ON `executions` (`ready_since`,`n`) WHERE ready_since is not null and turn is null;

CREATE INDEX `executions_retained` ON `executions` (`workflow_id`,`completed_at`,`id`) WHERE listed is not null and completed_at is not null;

CREATE INDEX `executions_status` ON `executions` (`status`,`listed`,`id`) WHERE listed is not null;

CREATE INDEX `executions_waking` ON `executions` (`wake_at`,`n`) WHERE wake_at is not null and turn is null;

CREATE INDEX `executions_workflow` ON `executions` (`workflow_id`,`status`,`listed`,`id`) WHERE listed is not null;

CREATE UNIQUE INDEX `messages_id` ON `messages` (`execution_id`,`id`);

CREATE INDEX `schedules_workflow` ON `schedules` (`workflow_id`,`id`);

CREATE INDEX `workflows_type` ON `workflows` (`type`,`id`);

CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`hash` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	`last_used_at` integer
) WITHOUT ROWID;

CREATE TABLE `audit` (
	`position` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`details` text
);

CREATE TABLE `documents` (
	`hash` text PRIMARY KEY NOT NULL,
	`body` text NOT NULL
);

CREATE VIRTUAL TABLE errors USING fts5(error_words, content='executions', content_rowid='n', tokenize='ascii', detail='none', columnsize=0);

CREATE TABLE `events` (
	`execution_id` text NOT NULL,
	`seq` integer NOT NULL,
	`timestamp` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`execution_id`, `seq`)
) WITHOUT ROWID;

CREATE TABLE `executions` (
	`n` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`workflow_id` text NOT NULL,
	`workflow_version` text NOT NULL,
	`status` text NOT NULL,
	`started_at` integer NOT NULL,
	`completed_at` integer,
	`error_code` text,
	`error_message` text,
	`error_words` text,
	`epoch` integer NOT NULL,
	`document_hash` text NOT NULL,
	`owner` text,
	`wake_at` integer,
	`ready_since` integer,
	`inbox` integer NOT NULL,
	`idempotency_key` text,
	`parent_id` text,
	`concurrency_key` text,
	`concurrency_limit` integer,
	`turn` integer,
	`folded_id` text,
	`listed` integer,
	`origin` text
);

CREATE TABLE `fires` (
	`schedule_id` text NOT NULL,
	`at` integer NOT NULL,
	`outcome` text NOT NULL,
	`reason` text,
	`execution_id` text,
	`decided_at` integer NOT NULL,
	PRIMARY KEY(`schedule_id`, `at`),
	FOREIGN KEY (`schedule_id`) REFERENCES `schedules`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;

CREATE TABLE `logs` (
	`execution_id` text NOT NULL,
	`position` integer NOT NULL,
	`timestamp` integer NOT NULL,
	`level` text NOT NULL,
	`message` text NOT NULL,
	`data` text,
	`step_id` text,
	`item` integer,
	PRIMARY KEY(`execution_id`, `position`)
) WITHOUT ROWID;

CREATE TABLE `marks` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
) WITHOUT ROWID;

CREATE TABLE `messages` (
	`execution_id` text NOT NULL,
	`position` integer NOT NULL,
	`id` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`execution_id`, `position`)
) WITHOUT ROWID;

CREATE TABLE `schedules` (
	`id` text PRIMARY KEY NOT NULL,
	`workflow_id` text NOT NULL,
	`schedule` text NOT NULL,
	`timezone` text NOT NULL,
	`overlap` text NOT NULL,
	`catchup` text NOT NULL,
	`parameters` text NOT NULL,
	`paused` integer NOT NULL,
	`decided_until` integer NOT NULL
);

CREATE TABLE `tallies` (
	`workflow_id` text NOT NULL,
	`status` text NOT NULL,
	`slot` integer NOT NULL,
	`n` integer NOT NULL,
	PRIMARY KEY(`workflow_id`, `status`, `slot`)
) WITHOUT ROWID;

CREATE TABLE `workers` (
	`id` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
) WITHOUT ROWID;

CREATE TABLE `workflow_versions` (
	`workflow_id` text NOT NULL,
	`number` integer NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`version` text NOT NULL,
	`text` text NOT NULL,
	`rev` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workflow_id`, `number`),
	FOREIGN KEY (`workflow_id`) REFERENCES `workflows`(`id`) ON UPDATE no action ON DELETE cascade
);

CREATE TABLE `workflows` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`version` text NOT NULL,
	`text` text NOT NULL,
	`rev` text NOT NULL,
	`updated_at` integer NOT NULL,
	`number` integer NOT NULL
);
