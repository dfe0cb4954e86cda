// What V8 is told here it looks up whenever it decides, so that it may be told at any time. The flags are of Node 22 and 24; V8
// says on stderr what it does not know, and goes on.

/** The young generation stays at 2 MB instead of growing to 50, and the old one is collected before it has grown by much. */
const little = ['--optimize-for-size', '--semi-space-growth-factor=1'];
/** The compilers for hot code take 5 to 25 MB for what they do at the start of a process and in a burst of requests. */
const uncompiled = ['--no-maglev', '--no-opt'];
/** Of the two compilers the one whose code is better, and which needs less memory in the long run. */
const compiled = ['--opt'];

/** How long is looked at whether the process is busy, in milliseconds. */
const window = 5000;
/** How many windows in a row it is busy for more than half of the time until code is compiled for speed. */
const needed = 2;

function tell(flags: readonly string[]): void {
  const v8 = process.getBuiltinModule('node:v8');
  for (const flag of flags) v8.setFlagsFromString(flag);
}

/** Makes V8 prefer a small process to a quick one. Best done before anything else is loaded. */
export function spareMemory(): void {
  tell([...little, ...uncompiled]);
}

/** Takes back what {@link spareMemory} did. */
export function spendMemory(): void {
  tell(['--no-optimize-for-size', '--semi-space-growth-factor=2', '--maglev', '--opt']);
}

/**
 * Has code compiled for speed as soon as the process has been busy for a while.
 *
 * @returns what is to be called whenever there is something to do; while there is not, nobody looks
 */
export function compileWhenBusy(): () => void {
  let busy = 0;
  let looking = false;
  return () => {
    if (looking || busy >= needed) return;
    looking = true;
    const before = performance.eventLoopUtilization();
    setTimeout(() => {
      looking = false;
      busy = performance.eventLoopUtilization(before).utilization > 0.5 ? busy + 1 : 0;
      if (busy >= needed) tell(compiled);
    }, window).unref();
  };
}
