/** How often records are read that others may have changed without a hint, in milliseconds. Also finds that the clock was set. */
export const refreshInterval = 300_000;
/** Schedulers listen under this name, as if they were a worker; each is told who has changed something. */
export const schedulers = 'schedules';
/**
 * How often records are read where nobody gives hints, in milliseconds: what a command has saved or resumed is to fire in time, so well
 * below what counts as missed.
 */
export const unhintedInterval = 30_000;
/** How often all documents are looked at by default, in milliseconds: whoever saved one may have ended before it said so. */
export const followInterval = 900_000;
