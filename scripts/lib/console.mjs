const colour = process.stderr.isTTY && !process.env.NO_COLOR;
const paint = (/** @type {number} */ code) => (/** @type {string} */ text) =>
  colour ? `\u001b[${code}m${text}\u001b[0m` : text;

export const dim = paint(2);
export const red = paint(31);
export const green = paint(32);

/**
 * Does one phase of the work and says so in one line on stderr, with the time it took.
 *
 * @param {string} name
 * @param {() => Promise<string | void>} work may return what to add to the line
 */
export async function phase(name, work) {
  const started = performance.now();
  // On a terminal the line appears at once and is completed later; in a log it is written once, when it is known.
  if (process.stderr.isTTY) process.stderr.write(`${dim(`• ${name} …`)}\r`);
  const detail = await work();
  const line = `• ${name}: ${seconds(started)}${detail ? ` (${detail})` : ''}`;
  process.stderr.write(`${dim(line.padEnd(name.length + 5))}\n`);
}

/** @param {number} started from `performance.now()` */
export function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

/**
 * Ends the process with an explanation.
 *
 * @param {string} what
 * @param {string[]} advice what to do, one line each
 * @param {string} [log]
 * @returns {never}
 */
export function fail(what, advice, log) {
  process.stderr.write(`\n${red(what)}\n${advice.map((line) => `  ${line}\n`).join('')}`);
  if (log) process.stderr.write(`\n${log.trimEnd()}\n`);
  process.exit(1);
}
