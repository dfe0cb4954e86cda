import type { ApprovalDecision, Message, RunRef } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { runName } from './run-name.ts';

/** Whether a message decides an approval of that step. */
export function isDecisionOf(step: string, { body }: Message): boolean {
  const { type, ref } = (body ?? {}) as unknown as { type?: string; ref: RunRef };
  return type === 'decide' && runName(ref) === step;
}

/**
 * Decides an approval.
 *
 * @returns false for a decision that was accepted before, and was sent again: it is to be noted once
 */
export async function decideOnce(
  platform: Pick<Platform, 'storage' | 'decideApproval'>,
  id: string,
  step: string,
  decision: ApprovalDecision,
  asked: number | undefined,
): Promise<boolean> {
  const { executions } = platform.storage;
  const waiting = async (): Promise<string[]> =>
    (await executions.messages(id)).filter((each) => isDecisionOf(step, each)).map((each) => each.id);
  const before = await waiting();
  let isTaken = false;
  if (asked !== undefined) {
    for await (const event of executions.events(id, asked)) {
      isTaken = event.event === 'step_resumed' && runName(event) === step;
      if (isTaken) break;
    }
  }
  await platform.decideApproval(id, step, decision, { asked });
  if (isTaken || before.length === 0) return !isTaken;
  // One of them may be about a question of before.
  return (await waiting()).some((each) => !before.includes(each));
}
