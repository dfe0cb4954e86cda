import type { WorkflowRecord, WorkflowStore } from '@vwmp/core/ports';
import { type Command, exitCodes } from '../../cli/command.ts';
import { didYouMean } from '../../cli/nearest.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { safe } from '../../terminal/safe.ts';
import { writeTable } from '../../terminal/table.ts';
import type { Output } from '../../terminal/terminal.ts';

const name = 'workflows show';

/** A version without its text. */
type Version = Omit<WorkflowRecord, 'text'>;

/** `vwmp workflows show ID`. */
export const command: Command = async ({ operands: [id = ''], flag, text, terminal }) =>
  withPlatform('documents', terminal, async ({ platform: { workflows } }) => {
    const { out } = terminal;
    const rev = text('rev');
    if (flag('versions')) {
      if (rev !== undefined) throw new UsageError('--versions lists all: leave --rev out.', name);
      const versions = await listVersions(workflows, id);
      if (flag('json')) out.line(JSON.stringify(versions, null, 2));
      else writeVersions(versions, out);
      return exitCodes.success;
    }
    const record = await find(workflows, id, rev);
    if (flag('json')) out.line(JSON.stringify(record, null, 2));
    // As it was saved, to the letter, but for what would give orders to a terminal.
    else out.write(out.isTTY ? safe(record.text, true) : record.text);
    return exitCodes.success;
  });

/** @throws UsageError when there is no such workflow */
async function listVersions(workflows: WorkflowStore, id: string): Promise<Version[]> {
  const versions: Version[] = [];
  if (id !== '')
    for await (const { text: _text, ...version } of versionsOf(workflows, id)) versions.push(version);
  if (versions.length === 0) throw await unknown(workflows, id);
  return versions;
}

function writeVersions(versions: readonly Version[], out: Output): void {
  const rows = versions.map(({ rev, version, updated_at }) => [safe(rev), safe(version), updated_at]);
  writeTable([{ title: 'REV' }, { title: 'VERSION' }, { title: 'SAVED' }], rows, out);
}

/** @throws UsageError when there is none, or none of this rev */
async function find(workflows: WorkflowStore, id: string, rev: string | undefined): Promise<WorkflowRecord> {
  const current = id === '' ? undefined : await workflows.get(id);
  if (!current) throw await unknown(workflows, id);
  if (rev === undefined || rev === current.rev) return current;
  for await (const version of versionsOf(workflows, id)) if (version.rev === rev) return version;
  throw new UsageError(
    `The workflow "${safe(id)}" has no rev "${safe(rev)}" any more, or never had. vwmp workflows show ${safe(id)} --versions lists them.`,
    name,
  );
}

async function* versionsOf(workflows: WorkflowStore, id: string): AsyncGenerator<WorkflowRecord> {
  let cursor: string | undefined;
  do {
    const page = await workflows.versions(id, { limit: 100, ...(cursor !== undefined && { cursor }) });
    yield* page.results;
    cursor = page.next_cursor;
  } while (cursor !== undefined);
}

async function unknown(workflows: WorkflowStore, id: string): Promise<UsageError> {
  const { results } = await workflows.list({ limit: 500 });
  const known = results.map((each) => each.id);
  return new UsageError(
    `There is no stored workflow "${safe(id)}".${didYouMean(id, known) || ' vwmp workflows list shows them.'}`,
    name,
  );
}
