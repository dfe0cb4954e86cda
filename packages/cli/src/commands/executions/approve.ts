import type { ApprovalDecision, ExecutionRecord, JsonObject } from '@vwmp/core';
import type { Platform } from '@vwmp/core/platform';
import { decideOnce, isDecisionOf, runName } from 'operator-common';
import type { Command, Invocation } from '../../cli/command.ts';
import { hasCode } from '../../cli/has-code.ts';
import { readJson } from '../../cli/read-json.ts';
import { readNumber } from '../../cli/read-number.ts';
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
  const least = { least: 1, most: Number.MAX_SAFE_INTEGER };
  const number = readNumber(invocation.text('asked'), '--asked', name, least);
  const decision = await readDecision(invocation);
  return withPlatform('send', terminal, async ({ platform, settings }) => {
    const { executions, audit } = platform.storage;
    const record = await findExecution(executions, given);
    const { step, asked } =
      number === undefined
        ? await openQuestion(platform, record, named)
        : await questionOf(platform, record, named, number);
    const send = async (): Promise<void> => {
      let isNew: boolean;
      try {
        isNew = await decideOnce(platform, record.id, step, decision, asked);
      } catch (error) {
        if (!hasCode(error, 'STEP_NOT_WAITING')) throw error;
        throw notWaiting(error as Error, { step, asked: number }, await openApprovals(platform, record));
      }
      const { approved, by, comment } = decision;
      if (isNew)
        await noteChange(audit, terminal, 'approval.decided', record.id, { step, approved, by, comment });
    };
    const delivery = await settle(
      executions,
      await deliver(executions, record, send, (message) => isDecisionOf(step, message)),
      // The same decision may have been taken in before.
      asked ?? record.seq,
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

/** @param question - with `asked` where the command line named its number */
function notWaiting(
  { message }: Error,
  { step, asked }: Question,
  open: readonly OpenApproval[],
): UsageError {
  const waits = open.find((each) => each.step === step);
  const other = asked !== undefined && waits?.asked !== asked;
  if (other) {
    const now = waits ? ` It asks again now, with ${waits.asked}.` : '';
    const text = `The question ${asked} of step "${safe(step)}" was answered otherwise, or has ended without an answer.${now}`;
    return new UsageError(text, name);
  }
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

interface Question {
  step: string;
  /** Number of the event that told of it. */
  asked: number | undefined;
}

interface OpenApproval extends Question {
  prompt: string;
}

async function openApprovals(platform: Platform, record: ExecutionRecord): Promise<OpenApproval[]> {
  const picture = await takePicture(platform, record);
  return (picture?.waits ?? []).flatMap(({ wait, asked, ...run }) =>
    wait.kind === 'approval' ? [{ step: runName(run), asked, prompt: wait.prompt }] : [],
  );
}

/** @throws UsageError where it is for nobody to say which */
async function openQuestion(
  platform: Platform,
  record: ExecutionRecord,
  named: string | undefined,
): Promise<Question> {
  const open = await openApprovals(platform, record);
  // One that comes while this one is decided is another one.
  if (named !== undefined)
    return open.find(({ step }) => step === named) ?? { step: named, asked: undefined };
  const [only, ...others] = open;
  if (only && others.length === 0) return only;
  if (only) throw new UsageError(`Say which step: several wait for an approval. ${tellOpen(open)}`, name);
  const ended = record.completed_at === undefined ? '' : ` It has ended: ${record.status}.`;
  throw new UsageError(`No step of execution "${record.id}" waits for an approval.${ended}`, name);
}

/** @throws UsageError where the number is not that of a question, or of one of another step */
async function questionOf(
  { storage }: Platform,
  { id }: ExecutionRecord,
  named: string | undefined,
  asked: number,
): Promise<Question> {
  for await (const event of storage.executions.events(id, asked - 1)) {
    if (event.event !== 'step_waiting' || event.wait.kind !== 'approval') break;
    const step = runName(event);
    if (named === undefined || named === step) return { step, asked };
    throw new UsageError(`The question ${asked} is one of step "${safe(step)}".`, name);
  }
  const advice = `Numbers of questions are in "waits": vwmp executions show ${id} --json`;
  throw new UsageError(`Execution "${id}" has asked no question ${asked}. ${advice}`, name);
}

function tellOpen(open: readonly OpenApproval[]): string {
  if (open.length === 0) return 'No step does.';
  return `These wait: ${open.map(({ step, prompt }) => `${step} (${safe(prompt)})`).join(', ')}.`;
}
