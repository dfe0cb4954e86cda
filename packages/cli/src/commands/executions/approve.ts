import type { ApprovalDecision, ExecutionRecord, JsonObject } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { runName } from 'operator-common';
import type { Command, Invocation } from '../../cli/command.ts';
import { hasCode } from '../../cli/has-code.ts';
import { readJson } from '../../cli/read-json.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { deliver, settle, tellDelivery } from '../../executions/delivery.ts';
import { findExecution } from '../../executions/find-execution.ts';
import { takePicture } from '../../executions/picture.ts';
import { noteChange, userName } from '../../platform/note-change.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { safe } from '../../terminal/safe.ts';

const name = 'executions approve';

/** `vwmp executions approve ID [STEP]`. */
export const command: Command = async (invocation) => {
  const { operands, flag, terminal } = invocation;
  const [given = '', named] = operands;
  const decision = await readDecision(invocation);
  return withPlatform('send', terminal, async ({ platform, settings }) => {
    const { executions, audit } = platform.storage;
    const record = await findExecution(executions, given);
    const step = named ?? (await onlyApproval(platform, record));
    const sent = await deliver(executions, record, async () => {
      try {
        await platform.decideApproval(record.id, step, decision);
      } catch (error) {
        if (!hasCode(error, 'STEP_NOT_WAITING')) throw error;
        throw notWaiting(error as Error, step, await openApprovals(platform, record));
      }
      const { approved, by, comment } = decision;
      await noteChange(audit, terminal, 'approval.decided', record.id, { step, approved, by, comment });
    });
    const delivery = await settle(
      executions,
      sent,
      record.seq,
      (event) => event.event === 'step_resumed' && runName(event) === step,
    );
    const { status, completed_at } = delivery.record;
    const done = `Step "${safe(step)}" was ${decision.approved ? 'approved' : 'rejected'}.`;
    return tellDelivery(
      delivery,
      {
        taken: done,
        ended: `${done} The execution ended: ${status}.`,
        missed:
          completed_at === undefined
            ? `Step "${safe(step)}" did not wait any more when the decision came.`
            : `The execution ended (${status}) before the decision was taken in.`,
      },
      { json: flag('json'), lease: settings.worker.lease },
      terminal,
    );
  });
};

function notWaiting({ message }: Error, step: string, open: readonly OpenApproval[]): UsageError {
  const waits = open.some((each) => each.step === step);
  const text = waits
    ? `Step "${safe(step)}" has been decided already, and the decision waits for a worker.`
    : `${message} ${tellOpen(open)}`;
  return new UsageError(text, name);
}

async function readDecision({ text, flag, terminal }: Invocation): Promise<ApprovalDecision> {
  const decision: ApprovalDecision = { approved: !flag('reject') };
  const by = text('by') ?? userName();
  if (by !== undefined) decision.by = by;
  const comment = text('comment');
  if (comment !== undefined) decision.comment = comment;
  const given = text('values');
  if (given === undefined) return decision;
  const values = await readJson(given, '--values', '{"version": "1.2.0"}', name, terminal.err);
  if (typeof values !== 'object' || values === null || Array.isArray(values))
    throw new UsageError(`--values has to be an object, like '{"version": "1.2.0"}'.`, name);
  return { ...decision, values: values as JsonObject };
}

interface OpenApproval {
  step: string;
  prompt: string;
}

async function openApprovals(platform: Platform, record: ExecutionRecord): Promise<OpenApproval[]> {
  const picture = await takePicture(platform, record);
  return (picture?.waits ?? []).flatMap(({ wait, ...run }) =>
    wait.kind === 'approval' ? [{ step: runName(run), prompt: wait.prompt }] : [],
  );
}

async function onlyApproval(platform: Platform, record: ExecutionRecord): Promise<string> {
  const open = await openApprovals(platform, record);
  const [only, ...others] = open;
  if (only && others.length === 0) return only.step;
  if (only) throw new UsageError(`Say which step: several wait for an approval. ${tellOpen(open)}`, name);
  const ended = record.completed_at === undefined ? '' : ` It has ended: ${record.status}.`;
  throw new UsageError(`No step of execution "${record.id}" waits for an approval.${ended}`, name);
}

function tellOpen(open: readonly OpenApproval[]): string {
  if (open.length === 0) return 'No step does.';
  return `These wait: ${open.map(({ step, prompt }) => `${step} (${safe(prompt)})`).join(', ')}.`;
}
