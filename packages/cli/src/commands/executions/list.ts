import type { ExecutionQuery, ExecutionStatus, ExecutionStore, ExecutionSummary } from '@vwmp/core';
import type { Settings } from '@vwmp/core/settings';
import { type Command, exitCodes, type Invocation } from '../../cli/command.ts';
import { didYouMean } from '../../cli/nearest.ts';
import { readNumber } from '../../cli/read-number.ts';
import { readTime } from '../../cli/read-time.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { queueObstacle } from '../../executions/queue-obstacle.ts';
import { statusLook } from '../../executions/status-look.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { ago, coarse } from '../../terminal/ago.ts';
import { safe } from '../../terminal/safe.ts';
import { beginTable } from '../../terminal/table.ts';

const name = 'executions list';
const statuses: readonly ExecutionStatus[] = [
  ...(['pending', 'running', 'waiting', 'success', 'partial', 'failed', 'cancelled'] as const),
];

/** `vwmp executions list`. */
export const command: Command = async (invocation) => {
  const query = readQuery(invocation);
  return withPlatform('read', invocation.terminal, async ({ platform, settings }) => {
    const { executions } = platform.storage;
    if (invocation.flag('all')) await writeAll(executions, query, invocation);
    else await writePage(executions, query, settings, invocation);
    return exitCodes.success;
  });
};

/** @throws UsageError */
function readQuery({ text, texts, flag }: Invocation): ExecutionQuery {
  const query: ExecutionQuery = {};
  const workflow = text('workflow');
  if (workflow !== undefined) query.workflow_id = workflow;
  const status = texts('status').flatMap((each) => each.split(',').map(readStatus));
  if (status.length > 0) query.status = status;
  const now = Date.now();
  const [since, until, search, cursor] = [text('since'), text('until'), text('search'), text('cursor')];
  if (since !== undefined) query.started_after = readTime(since, '--since', name, now);
  if (until !== undefined) query.started_before = readTime(until, '--until', name, now);
  if (query.started_after && query.started_before && query.started_after >= query.started_before)
    throw new UsageError('--since is not before --until, so nothing can match.', name);
  if (search !== undefined) query.q = search;
  const limit = readNumber(text('limit'), '--limit', name, { least: 1, most: 500 });
  if (flag('all') && (limit !== undefined || cursor !== undefined))
    throw new UsageError(
      `--all and --${limit === undefined ? 'cursor' : 'limit'} contradict each other.`,
      name,
    );
  query.limit = limit ?? (flag('all') ? 500 : 20);
  if (cursor !== undefined) query.cursor = cursor;
  return query;
}

function readStatus(text: string): ExecutionStatus {
  const status = statuses.find((each) => each === text.trim().toLowerCase());
  if (status) return status;
  const hint = didYouMean(text, statuses) || ` There are ${statuses.join(', ')}.`;
  throw new UsageError(`--status is "${text}", which is no status.${hint}`, name);
}

async function writePage(
  executions: ExecutionStore,
  query: ExecutionQuery,
  settings: Settings,
  { flag, terminal }: Invocation,
): Promise<void> {
  const { out, err, symbols } = terminal;
  const page = await executions.list(query).catch((error: unknown) => {
    if (query.cursor === undefined || !(error instanceof TypeError)) throw error;
    const message = `--cursor is "${safe(query.cursor)}", which no page of this list has given.`;
    throw new UsageError(message, name);
  });
  if (flag('json')) return out.line(JSON.stringify(page, null, 2));
  if (flag('ids')) for (const { id } of page.results) out.line(safe(id));
  else createRows(terminal)(page.results);
  if (flag('ids')) return;
  const { results, count, next_cursor } = page;
  const waits = results.some(({ status }) => status === 'pending');
  const held = waits ? await queueObstacle(['executions'], settings) : undefined;
  if (held !== undefined) err.line(`${err.style.yellow(symbols.warning)} ${safe(held)}`);
  if (next_cursor === undefined && query.cursor === undefined) return;
  const next = next_cursor === undefined ? 'the last page' : `go on with --cursor ${next_cursor}, or --all`;
  err.line(err.style.dim(`${results.length} of ${count}; ${next}`));
}

/** Page after page as they come: all of them at once might not fit into the memory. */
async function writeAll(
  executions: ExecutionStore,
  query: ExecutionQuery,
  { flag, terminal }: Invocation,
): Promise<void> {
  const { out } = terminal;
  const writeRows = createRows(terminal);
  let written = 0;
  let cursor: string | undefined;
  if (flag('json')) out.write('{"results": [');
  do {
    const { results, next_cursor } = await executions.list({ ...query, ...(cursor && { cursor }) });
    if (flag('json'))
      for (const each of results) out.write(`${written++ === 0 ? '' : ','}\n${JSON.stringify(each)}`);
    else if (flag('ids')) for (const { id } of results) out.line(safe(id));
    else if (results.length > 0 || cursor === undefined) writeRows(results);
    await out.flush();
    cursor = next_cursor;
  } while (cursor !== undefined);
  if (flag('json')) out.line(`\n], "count": ${written}}`);
}

/** @returns what writes executions into one table */
function createRows(terminal: Invocation['terminal']): (results: readonly ExecutionSummary[]) => void {
  const { out, err } = terminal;
  const columns = ['ID', 'WORKFLOW', 'STATUS', 'STARTED', 'TOOK', 'ERROR'];
  const write = beginTable(
    columns.map((title) => ({ title, flexible: title === 'ERROR' || title === 'WORKFLOW' })),
    out,
  );
  return (results) => {
    if (results.length === 0) return err.line(err.style.dim('No executions match.'));
    const now = Date.now();
    const rows = results.map((each) => [
      out.style.bold(safe(each.id)),
      safe(each.workflow_id),
      statusLook(each.status, terminal),
      // A file is read later than it was written.
      out.isTTY ? ago(Date.parse(each.started_at), now) : each.started_at,
      each.completed_at === undefined
        ? ''
        : coarse(Date.parse(each.completed_at) - Date.parse(each.started_at)),
      each.error ? out.style.red(safe(`${each.error.code} ${each.error.message}`)) : '',
    ]);
    write(rows);
  };
}
