const local = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const;

/**
 * Stops the clock of this thread and moves it to UTC. QuickJS asks the `Date` of its host for the time and the zone, and makes the
 * seed of its random numbers from the time; so in the sandbox all of these are the same whenever and wherever it runs.
 *
 * @param seed - what the clock says first, when the seed is made
 * @returns starts it again
 */
export function stopClock(now: number, seed: number): () => void {
  const prototype = Date.prototype as unknown as Record<string, unknown>;
  const before = new Map<string, unknown>();
  for (const part of local) {
    before.set(`get${part}`, prototype[`get${part}`]);
    prototype[`get${part}`] = prototype[`getUTC${part}`];
  }
  before.set('getTimezoneOffset', prototype.getTimezoneOffset);
  prototype.getTimezoneOffset = () => 0;
  const realNow = Date.now;
  let asked = false;
  Date.now = () => {
    if (asked) return now;
    asked = true;
    return seed;
  };
  return () => {
    Date.now = realNow;
    for (const [name, value] of before) prototype[name] = value;
  };
}
