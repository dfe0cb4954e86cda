import { type Command, exitCodes } from '../../cli/command.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { readWorkflow } from '../../documents/read-workflow.ts';
import { findExecution } from '../../executions/find-execution.ts';
import { waitForEnd } from '../../executions/wait-for-end.ts';
import { noteChange } from '../../platform/note-change.ts';
import { withPlatform } from '../../platform/with-platform.ts';

/** `vwmp executions retry ID`. */
export const command: Command = async ({ operands: [given = ''], flag, text, terminal }) => {
  const key = text('key');
  if (key === '') throw new UsageError('The key is empty.', 'executions retry');
  return withPlatform('retry', terminal, async ({ platform }) => {
    const record = await findExecution(platform.storage.executions, given);
    const file = text('workflow');
    const from = text('from');
    const corrected =
      file === undefined ? undefined : await readWorkflow(file, platform.plugins, terminal.err);
    const started = await platform.retry(record.id, {
      ...(from !== undefined && { from }),
      ...(corrected && { workflow: corrected.document }),
      ...(key !== undefined && { idempotencyKey: key }),
    });
    if (started.created)
      await noteChange(platform.storage.audit, terminal, 'execution.retried', record.id, {
        ...{ from, execution_id: started.execution_id, corrected: corrected && true },
      });
    const json = flag('json');
    if (flag('wait')) return waitForEnd(platform, started.execution_id, { terminal, json });
    terminal.out.line(json ? JSON.stringify(started, null, 2) : started.execution_id);
    if (!started.created && !json)
      terminal.err.line(terminal.err.style.dim('It was retried before with this key, and not again.'));
    return exitCodes.success;
  });
};
