import type { ExecutionRecord } from '@vwmp/core';
import type { Settings } from '@vwmp/core/settings';

/**
 * What keeps every worker with these settings from an execution, though it waits for one: its secret parameters cannot be read.
 *
 * @returns undefined when there is nothing
 */
export async function obstacle(
  { status, origin }: Pick<ExecutionRecord, 'status' | 'origin'>,
  settings: Settings,
): Promise<string | undefined> {
  if (status !== 'pending' || origin?.sealed === undefined) return undefined;
  const { checkSealed } = await import('@vwmp/core/platform');
  try {
    checkSealed(settings, origin.sealed);
    return undefined;
  } catch (error) {
    return `No worker with these settings can take it up. ${(error as Error).message}`;
  }
}
