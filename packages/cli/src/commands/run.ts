import type { JsonObject, Workflow } from '@vwmp/core';
import type { Command, Invocation } from '../cli/command.ts';
import { UsageError } from '../cli/usage-error.ts';
import { loadWorkflow } from '../documents/load-workflow.ts';
import { fs } from '../node.ts';
import { bindParameters } from '../run/bind.ts';
import { execute } from '../run/execute.ts';
import { readSignals } from '../run/signals.ts';

/** `vwmp run FILE`. */
export const command: Command = async (invocation) => {
  if (invocation.flag('watch')) return (await import('../run/watch.ts')).watch(invocation);
  const { terminal } = invocation;
  const json = invocation.flag('json');
  const [file = '-'] = invocation.operands;
  checkWorkspace(invocation.text('workspace'));
  const { project, workflow, text } = await loadWorkflow(file, terminal.err, invocation.text('workspace'));
  checkDecisions(invocation, workflow);
  const signals = readSignals(invocation.texts('signal'), workflow);
  const parameters = await bindParameters(
    workflow.document.parameters ?? [],
    { pairs: invocation.texts('param'), file: invocation.text('params-file') },
    file,
    terminal.err,
  );
  if (invocation.flag('dry-run')) {
    const { showPlan } = await import('../run/plan.ts');
    return showPlan(workflow, parameters as JsonObject, { terminal, json, file, text });
  }
  if (!json)
    for (const { message } of workflow.notes)
      terminal.err.line(`${terminal.err.style.yellow('note')} ${message}`);
  return execute(project.engine, workflow, parameters as JsonObject, {
    terminal,
    json,
    file,
    approve: invocation.texts('approve'),
    reject: invocation.texts('reject'),
    signals,
  });
};

function checkWorkspace(folder: string | undefined): void {
  if (folder === undefined || fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const problem = fs.existsSync(folder) ? `"${folder}" is no folder` : `There is no folder "${folder}"`;
  throw new UsageError(`${problem}, which --workspace names.`, 'run');
}

/** A mistyped step would leave the execution waiting for a person who isn't there. */
function checkDecisions(invocation: Invocation, { document }: Workflow): void {
  const both = invocation.texts('approve').find((step) => invocation.texts('reject').includes(step));
  if (both !== undefined) throw new UsageError(`Both --approve and --reject name "${both}".`, 'run');
  // Steps of workflows that it calls may be meant, too.
  if (document.steps.some(({ handler }) => handler === 'core.workflow')) return;
  const waiting = document.steps.filter(({ handler }) => handler === 'core.approval').map(({ id }) => id);
  for (const option of ['approve', 'reject']) {
    for (const step of invocation.texts(option)) {
      const known = step === '*' || document.steps.some(({ id }) => id === step.split(':')[0]);
      if (known) continue;
      const there = waiting.length === 0 ? 'No step asks for approval.' : `These ask: ${waiting.join(', ')}.`;
      throw new UsageError(
        `--${option} names a step "${step}" that the workflow does not have. ${there}`,
        'run',
      );
    }
  }
}
