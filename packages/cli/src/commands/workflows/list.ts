import type { WorkflowRecord } from '@vwmp/core';
import { type Command, exitCodes } from '../../cli/command.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { ago } from '../../terminal/ago.ts';
import { safe } from '../../terminal/safe.ts';
import { writeTable } from '../../terminal/table.ts';
import type { Terminal } from '../../terminal/terminal.ts';

/** `vwmp workflows list [TEXT]`. */
export const command: Command = async ({ operands: [q], flag, text, terminal }) =>
  withPlatform('documents', terminal, async ({ platform: { workflows } }) => {
    const { out } = terminal;
    const type = text('type');
    const found: WorkflowRecord[] = [];
    let cursor: string | undefined;
    do {
      const page = await workflows.list({
        limit: 500,
        ...(q !== undefined && { q }),
        ...(type !== undefined && { type }),
        ...(cursor !== undefined && { cursor }),
      });
      // The texts of thousands would fill the memory for nothing.
      found.push(...page.results.map((record) => ({ ...record, text: '' })));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    if (flag('json')) out.line(JSON.stringify(found.map(withoutText), null, 2));
    else if (flag('ids')) for (const { id } of found) out.line(id);
    else writeRows(found, terminal);
    return exitCodes.success;
  });

function withoutText({ text: _text, ...rest }: WorkflowRecord): Omit<WorkflowRecord, 'text'> {
  return rest;
}

function writeRows(found: readonly WorkflowRecord[], { out, err, symbols }: Terminal): void {
  if (found.length === 0)
    return err.line(
      err.style.dim('No workflows are stored that match. vwmp workflows save FILE stores one.'),
    );
  const now = Date.now();
  const rows = found.map(({ id, name, type, version, rev, updated_at, problems }) => [
    out.style.bold(safe(id)),
    safe(name),
    safe(type),
    safe(version),
    safe(rev),
    out.isTTY ? ago(Date.parse(updated_at), now) : updated_at,
    problems?.length
      ? out.style.red(
          `${symbols.failed} ${problems.length === 1 ? '1 problem' : `${problems.length} problems`}`,
        )
      : '',
  ]);
  const columns = ['ID', 'NAME', 'TYPE', 'VERSION', 'REV', 'SAVED', ''];
  writeTable(
    columns.map((title) => ({ title, flexible: title === 'NAME' })),
    rows,
    out,
  );
}
