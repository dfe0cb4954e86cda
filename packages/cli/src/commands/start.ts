import type { Parameter, Problem } from '@vwmp/core';
import type { Platform, Started } from '@vwmp/core/platform';
import { type Command, exitCodes, type Invocation } from '../cli/command.ts';
import { hasCode } from '../cli/has-code.ts';
import { didYouMean } from '../cli/nearest.ts';
import { ProblemsError } from '../cli/problems-error.ts';
import { readNumber } from '../cli/read-number.ts';
import { UsageError } from '../cli/usage-error.ts';
import { readWorkflow } from '../documents/read-workflow.ts';
import { waitForEnd } from '../executions/wait-for-end.ts';
import { fs } from '../node.ts';
import { noteChange } from '../platform/note-change.ts';
import { withPlatform } from '../platform/with-platform.ts';
import { bindParameters } from '../run/bind.ts';
import { safe } from '../terminal/safe.ts';

/** `vwmp start WORKFLOW`. */
export const command: Command = async (invocation) => {
  const { terminal, flag } = invocation;
  const priority = readNumber(invocation.text('priority'), '--priority', 'start', {
    least: -1_000_000,
    most: 1_000_000,
  });
  return withPlatform('start', terminal, async ({ platform }) => {
    const started = await start(platform, invocation, priority);
    const { execution_id, created } = started;
    const json = flag('json');
    if (flag('wait')) {
      if (!json) terminal.err.line(terminal.err.style.dim(execution_id));
      return waitForEnd(platform, execution_id, { terminal, json });
    }
    terminal.out.line(json ? JSON.stringify(started, null, 2) : execution_id);
    if (!created && !json)
      terminal.err.line(terminal.err.style.dim(`It was started before with this key, and not again.`));
    return exitCodes.success;
  });
};

async function start(
  platform: Platform,
  invocation: Invocation,
  priority: number | undefined,
): Promise<Started> {
  const { operands, text, texts, terminal } = invocation;
  const [given = ''] = operands;
  const key = text('key');
  if (key === '') throw new UsageError('The key is empty.', 'start');
  const isStored = !looksLikeFile(given);
  const source = isStored
    ? { workflow: given, declared: await declaredOf(platform, given) }
    : await fromFile(given, platform, invocation);
  const parameters = await bindParameters(
    source.declared,
    { pairs: texts('param'), file: text('params-file') },
    given,
    terminal.err,
    'start',
  );
  try {
    const started = await platform.start(source.workflow, parameters, {
      ...(key !== undefined && { idempotencyKey: key }),
      ...(priority !== undefined && { priority }),
    });
    const details = { workflow_id: isStored ? given : undefined };
    if (started.created)
      await noteChange(platform.storage.audit, terminal, 'execution.started', started.execution_id, details);
    return started;
  } catch (error) {
    if (!hasCode(error, 'PARAMETERS_INVALID')) throw error;
    const { message, details } = error as { message: string; details: readonly Problem[] };
    throw new ProblemsError('PARAMETERS_INVALID', message, details, given);
  }
}

/** A file wins over a stored workflow of that name, but no folder does, and what is written like a path is one. */
function looksLikeFile(given: string): boolean {
  if (given === '-' || /[\\/]|\.(ya?ml|json)$/.test(given)) return true;
  return fs.existsSync(given) && !fs.statSync(given).isDirectory();
}

async function fromFile(
  file: string,
  platform: Platform,
  { terminal }: Invocation,
): Promise<{ workflow: import('@vwmp/core').WorkflowDocument; declared: readonly Parameter[] }> {
  const { document } = await readWorkflow(file, platform.plugins, terminal.err);
  return { workflow: document, declared: document.parameters ?? [] };
}

async function declaredOf({ workflows, plugins }: Platform, id: string): Promise<readonly Parameter[]> {
  const record = id === '' ? undefined : await workflows.get(id);
  if (!record) {
    const { results } = await workflows.list({ limit: 500 });
    const hint =
      didYouMean(
        id,
        results.map((each) => each.id),
      ) || ' Name a file, or store it: vwmp workflows save FILE.';
    throw new UsageError(`There is no file and no stored workflow "${safe(id)}".${hint}`, 'start');
  }
  const { parseDocument, validateWorkflow } = await import('@vwmp/core/language');
  const { document, problems } = validateWorkflow(parseDocument(record.text), plugins, { stored: true });
  if (document) return document.parameters ?? [];
  const message = `The stored workflow "${id}" has problems: ${problems[0]?.message ?? ''}`;
  throw new ProblemsError('DOCUMENT_INVALID', message, problems, id, record.text);
}
