/**
 * How often records are read that others may have changed, in milliseconds: what a command has saved or resumed is to fire in
 * time, so well below what counts as missed. Also finds that the clock was set.
 */
export const refreshInterval = 30_000;
/** How often all documents are looked at by default, in milliseconds: whoever saved one may have ended before it said so. */
export const followInterval = 900_000;
