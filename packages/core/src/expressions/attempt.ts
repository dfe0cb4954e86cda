import type { Run } from './context.ts';
import { Failure } from './failure.ts';
import { charge, type Frame } from './limits.ts';

/** Runs something; a failure is returned instead of thrown, unless a limit was exceeded. */
export function attempt(run: Run, frame: Frame): unknown {
  try {
    return run(frame);
  } catch (error) {
    if (!(error instanceof Failure) || error.fatal) throw error;
    // A failure costs 1 to 2 µs: without this, a million of them would pass for cheap nodes.
    charge(frame, 50);
    return error;
  }
}
