import { documentDefaults } from '@vwmp/core/language';
import type { WorkflowDraft, WorkflowRecord } from '@vwmp/core/ports';
import { type Command, exitCodes, type Invocation } from '../../cli/command.ts';
import { hasCode } from '../../cli/has-code.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { DistinctFiles } from '../../documents/distinct-files.ts';
import { findWorkflowFiles } from '../../documents/find-files.ts';
import { readWorkflow } from '../../documents/read-workflow.ts';
import { noteChange } from '../../platform/note-change.ts';
import { type Access, withPlatform } from '../../platform/with-platform.ts';
import { safe } from '../../terminal/safe.ts';

const name = 'workflows save';

/** What became of one file. */
interface Saved {
  file: string;
  id: string;
  rev: string;
  outcome: 'created' | 'changed' | 'unchanged';
}

/** `vwmp workflows save FILES…`. */
export const command: Command = async (invocation) => {
  const { flag, text, terminal } = invocation;
  const rev = text('rev');
  const files = await findFiles(invocation.operands);
  if (rev !== undefined && files.length !== 1)
    throw new UsageError('--rev belongs to one workflow: name one file.', name);
  return withPlatform('save', terminal, async ({ platform }) => {
    const drafts = await readDrafts(files, platform.plugins, invocation);
    const saved: Saved[] = [];
    for (const [file, draft] of drafts) {
      const one = await save(platform, draft, rev, file, terminal);
      saved.push(one);
      if (!flag('json')) tell(one, invocation);
    }
    if (flag('json')) terminal.out.line(JSON.stringify(saved, null, 2));
    return exitCodes.success;
  });
};

async function findFiles(operands: readonly string[]): Promise<string[]> {
  const files = new DistinctFiles();
  for (const operand of operands) {
    const inFolder = operand === '-' ? undefined : await findWorkflowFiles(operand);
    const [unreadable] = inFolder?.unreadable ?? [];
    if (unreadable) throw new UsageError(unreadable.message, name);
    if (!inFolder) files.add(operand);
    else if (inFolder.workflows.length === 0)
      throw new UsageError(`There are no workflows in "${safe(operand)}".`, name);
    for (const file of inFolder?.workflows ?? []) files.add(file);
  }
  return files.all();
}

/** All are checked before the first one is stored. @throws ProblemsError, UsageError */
async function readDrafts(
  files: readonly string[],
  plugins: Access['platform']['plugins'],
  { terminal }: Invocation,
): Promise<Map<string, WorkflowDraft>> {
  const drafts = new Map<string, WorkflowDraft>();
  const byId = new Map<string, string>();
  for (const file of files) {
    const { text, document, id } = await readWorkflow(file, plugins, terminal.err);
    const other = byId.get(id);
    if (other !== undefined)
      throw new UsageError(
        `"${file}" and "${other}" both have the id "${id}": each workflow needs its own.`,
        name,
      );
    byId.set(id, file);
    const { type = documentDefaults.type, version = documentDefaults.version } = document;
    drafts.set(file, { id, name: document.name, type, version, text });
  }
  return drafts;
}

async function save(
  { workflows, storage }: Access['platform'],
  draft: WorkflowDraft,
  rev: string | undefined,
  file: string,
  terminal: Invocation['terminal'],
): Promise<Saved> {
  const { id } = draft;
  const current = await workflows.get(id);
  if (rev !== undefined && !current) {
    const message = `There is no stored workflow "${id}" whose rev could be "${safe(rev)}". Save it without --rev.`;
    throw new UsageError(message, name);
  }
  if (rev !== undefined && current?.rev !== rev) throw conflict(id, rev, current);
  if (current?.text === draft.text) return { file, id, rev: current.rev, outcome: 'unchanged' };
  try {
    const stored = await workflows.save(draft, current?.rev);
    await noteChange(storage.audit, terminal, current ? 'workflow.saved' : 'workflow.created', id, {
      ...{ rev: stored.rev, replaces: current?.rev },
    });
    return { file, id, rev: stored.rev, outcome: current ? 'changed' : 'created' };
  } catch (error) {
    const raced = ['REV_CONFLICT', 'ALREADY_EXISTS', 'NOT_FOUND'].some((code) => hasCode(error, code));
    if (!raced) throw error;
    throw conflict(id, current?.rev, await workflows.get(id));
  }
}

function conflict(id: string, rev: string | undefined, current: WorkflowRecord | undefined): UsageError {
  const based = rev === undefined ? 'it was not there' : `it was rev "${safe(rev)}"`;
  const is = current
    ? `it is rev "${current.rev}" of ${current.updated_at} now`
    : 'there is no such workflow now';
  return new UsageError(
    `The workflow "${id}" was changed by someone else: ${based}, and ${is}. Look at what is stored (vwmp workflows show ${id}), and save again.`,
    name,
  );
}

function tell({ id, rev, outcome, file }: Saved, { terminal: { out, symbols } }: Invocation): void {
  const { style } = out;
  const sign = outcome === 'unchanged' ? style.dim(symbols.dot) : style.green(symbols.success);
  out.line(`${sign} ${style.bold(safe(id))} ${outcome}, rev ${safe(rev)}  ${style.dim(safe(file))}`);
}
