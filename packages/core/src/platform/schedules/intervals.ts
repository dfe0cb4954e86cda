/** How often records are read that others may have changed without a hint, in milliseconds. Also finds that the clock was set. */
export const refreshInterval = 300_000;
/**
 * How often it is looked whether there is any schedule at all, one question for one record, and records where nobody gives hints, in
 * milliseconds: what a command has saved or resumed is to fire in time, so well below what counts as missed.
 */
export const lookInterval = 30_000;
/** How often all documents are looked at by default, in milliseconds: whoever saved one may have ended before it said so. */
export const followInterval = 900_000;
