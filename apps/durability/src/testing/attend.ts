import { hasCode, type WorkflowDocument } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { type PlatformCase, storedWorkflows } from './platform-cases.ts';

/** Stores the workflows that cases call. Several processes may do so at once. */
export async function storeWorkflows(
  { storage: { workflows } }: Platform,
  change: (document: WorkflowDocument) => WorkflowDocument = (document) => document,
): Promise<void> {
  for (const document of storedWorkflows) {
    const { id, name } = document;
    const draft = { id, name, type: 'generic', version: '0.1.0', text: JSON.stringify(change(document)) };
    await workflows.save(draft, undefined).catch((error: unknown) => {
      if (!hasCode(error, 'ALREADY_EXISTS')) throw error;
    });
  }
}

/** Does for an execution what others have to do, whatever of it was done before. */
export async function attend(
  platform: Platform,
  id: string,
  { signals = {}, approvals = [] }: Pick<PlatformCase, 'signals' | 'approvals'>,
): Promise<void> {
  for (const [name, payload] of Object.entries(signals)) {
    await platform.signal(id, name, payload).catch(unlessOver);
  }
  for (const step of approvals) {
    while ((await platform.execution(id))?.completed_at === undefined) {
      const error: unknown = await platform
        .decideApproval(id, step, { approved: true })
        .catch((thrown: unknown) => thrown);
      if (error === undefined) break;
      if (!hasCode(error, 'STEP_NOT_WAITING')) return unlessOver(error);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function unlessOver(error: unknown): void {
  if (!hasCode(error, 'EXECUTION_NOT_ACTIVE')) throw error;
}
