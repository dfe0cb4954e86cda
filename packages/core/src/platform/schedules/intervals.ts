/** How often records are read that others may have changed, in milliseconds. Also finds that the clock was set. */
export const refreshInterval = 300_000;
/** How often all documents are looked at by default, in milliseconds: whoever saved one may have ended before it said so. */
export const followInterval = 900_000;
