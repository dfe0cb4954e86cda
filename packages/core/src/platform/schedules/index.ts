export type { ScheduleExplanation, ShownInstant } from './explain.ts';
export type { ScheduledStart, SchedulerOptions } from './options.ts';
export { createScheduler, type Scheduler } from './scheduler.ts';
