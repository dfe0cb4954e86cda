type EmitWarning = (warning: string | Error, ...rest: unknown[]) => void;

/**
 * Runs `work`, which is synchronous, and keeps from standard error what Node says of a part of it that is experimental. All other
 * warnings are as they were, and so is everything when it is done.
 *
 * @param about - what the warning says
 */
export function withoutWarning<T>(about: RegExp, work: () => T): T {
  const own = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  const emitWarning = process.emitWarning as EmitWarning;
  const filtered: EmitWarning = (warning, ...rest) => {
    if (rest[0] === 'ExperimentalWarning' && about.test(String(warning))) return;
    emitWarning.call(process, warning, ...rest);
  };
  // Somebody may have fixed it.
  if (own?.configurable === false || !Reflect.set(process, 'emitWarning', filtered)) return work();
  try {
    return work();
  } finally {
    if (own) Object.defineProperty(process, 'emitWarning', own);
    else Reflect.deleteProperty(process, 'emitWarning');
  }
}
