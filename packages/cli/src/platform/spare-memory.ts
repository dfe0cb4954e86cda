// V8 looks up what it is told here whenever it decides, so that it may be told at any time. The flags are of Node 22 and 24; of one that
// it does not know V8 tells on stderr, and goes on.

/** The young generation stays at 2 MB, which costs little, instead of growing to 50. */
const always = ['--semi-space-growth-factor=1'];
/** Garbage is collected before there is much of it, and code is not compiled for speed: the compilers take 5 to 25 MB. */
const small = ['--optimize-for-size', '--no-opt'];
const quick = ['--no-optimize-for-size', '--opt'];
/**
 * The first of the two compilers. Node 22 has switched it off itself, and it is not for us to switch it on there; nor where it was
 * switched off for the start, as it would compile in the thread of the event loop then.
 */
if (Number.parseInt(process.versions.node, 10) >= 24 && !process.execArgv.includes('--no-maglev')) {
  small.push('--no-maglev');
  quick.push('--maglev');
}
/** The compiler that is quick and makes slow code: what it makes of starting takes 0.4 MB and is never run again. */
const asleep: string[] = [];
const awake: string[] = [];
// Elsewhere it may be off, or not there.
if (process.arch === 'x64' || process.arch === 'arm64') {
  asleep.push('--no-sparkplug');
  awake.push('--sparkplug');
}
const usual = ['--semi-space-growth-factor=2', ...quick, ...awake];

/** How long is looked at whether the process is busy, in milliseconds. */
const window = 5000;

function tell(flags: readonly string[]): void {
  const v8 = process.getBuiltinModule('node:v8');
  for (const flag of flags) v8.setFlagsFromString(flag);
}

/** Makes V8 prefer a small process to a quick one. Best done before anything else is loaded. */
export function spareMemory(): void {
  tell([...always, ...small, ...asleep]);
}

/** Takes back what {@link spareMemory} did. */
export function spendMemory(): void {
  tell(usual);
}

/**
 * Has V8 prefer a quick process once this one has been busy for a while, and a small one again when it is not any more: a burst of
 * requests is over before compiled code pays.
 *
 * @returns what is to be called whenever there is something to do; while there is not, nobody looks
 */
export function adaptToLoad(): () => void {
  let isAwake = false;
  let looking = false;
  let isQuick = false;
  const look = (): void => {
    const before = performance.eventLoopUtilization();
    setTimeout(() => {
      const { utilization } = performance.eventLoopUtilization(before);
      if (isQuick ? utilization < 0.1 : utilization > 0.5) {
        isQuick = !isQuick;
        tell(isQuick ? quick : small);
      }
      if (isQuick) look();
      else looking = false;
    }, window).unref();
  };
  return () => {
    if (looking) return;
    looking = true;
    if (!isAwake) tell(awake);
    isAwake = true;
    look();
  };
}
