import { checkIdle } from 'operator-common';
import { type Command, exitCodes } from '../../cli/command.ts';
import { hasCode } from '../../cli/has-code.ts';
import { didYouMean } from '../../cli/nearest.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { noteChange } from '../../platform/note-change.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { safe } from '../../terminal/safe.ts';

const name = 'workflows remove';

/** `vwmp workflows remove ID`. */
export const command: Command = async ({ operands: [id = ''], flag, text, terminal }) =>
  withPlatform('read', terminal, async ({ platform: { workflows, storage } }) => {
    const current = id === '' ? undefined : await workflows.get(id);
    if (!current) {
      const { results } = await workflows.list({ limit: 500 });
      const known = results.map((each) => each.id);
      throw new UsageError(`There is no stored workflow "${safe(id)}".${didYouMean(id, known)}`, name);
    }
    const rev = text('rev') ?? current.rev;
    try {
      // What is refused for its rev is not there any more, whether it is executing or not.
      if (rev === current.rev) await checkIdle(storage.executions, id, listOf(id));
      await workflows.remove(id, rev);
    } catch (error) {
      if (!hasCode(error, 'REV_CONFLICT')) throw error;
      const message = `The workflow "${safe(id)}" is not rev "${safe(rev)}" any more. Look at what is stored: vwmp workflows show ${safe(id)}.`;
      throw new UsageError(message, name);
    }
    await noteChange(storage.audit, terminal, 'workflow.deleted', id, { rev });
    const { out, symbols } = terminal;
    if (flag('json')) out.line(JSON.stringify({ id, removed: true }, null, 2));
    else out.line(`${out.style.green(symbols.success)} ${out.style.bold(safe(id))} removed`);
    return exitCodes.success;
  });

/** The command that lists those of it that have not ended. */
function listOf(id: string): string {
  return `vwmp executions list --workflow ${safe(id)} --status pending,running,waiting`;
}
