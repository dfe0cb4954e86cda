export type { ScheduleExplanation, ShownInstant } from './explain.ts';
export { createScheduler, type Scheduler } from './scheduler.ts';
