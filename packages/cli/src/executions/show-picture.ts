import type { ExecutionRecord } from '@vwmp/core';
import { renderBoard } from '../run/render-board.ts';
import { showSummary } from '../run/summary.ts';
import { ago } from '../terminal/ago.ts';
import { ongoing } from '../terminal/elapsed.ts';
import { safe } from '../terminal/safe.ts';
import type { Output, Terminal } from '../terminal/terminal.ts';
import { truncate } from '../terminal/width.ts';
import type { Picture } from './picture.ts';
import { statusLook } from './status-look.ts';

/**
 * Draws an execution: what it is, each step, and how it ended or what it waits for.
 *
 * @param obstacle - what keeps the workers from it
 */
export function showPicture(
  picture: Picture,
  terminal: Terminal,
  now: number,
  obstacle: string | undefined,
): void {
  const { out, symbols } = terminal;
  const { record, execution, board } = picture;
  const { style } = out;
  const name = safe(record.document.name);
  out.line(`${style.bold(name)}  ${style.dim(safe(`${record.workflow_id} ${record.workflow_version}`))}`);
  for (const [key, value] of facts(picture, out, now)) out.line(`  ${style.dim(key.padEnd(9))} ${value}`);
  out.line();
  // The whole of it, however many lines the terminal has; the last line of one that goes on is the summary's.
  const columns = out.isTTY ? out.columns : 1000;
  const options = {
    output: { style, columns, rows: Number.MAX_SAFE_INTEGER },
    symbols,
    spinner: symbols.arrow,
    now,
  };
  const lines = renderBoard({ ...board, phase: 'ended' }, options);
  for (const line of lines) out.line(out.isTTY ? truncate(line, columns) : line);
  showChildren(picture, terminal, now);
  if (record.completed_at !== undefined) return showSummary(execution, out, symbols, false);
  out.line();
  const age = ongoing(now - board.startedAt);
  const whose = obstacle === undefined ? standing(picture, now) : safe(obstacle);
  out.line(`${statusLook(record.status, terminal)} ${style.dim(`for ${age}`)}  ${whose}`);
}

type Fact = readonly [key: string, value: string];

function facts({ record, execution, messages, worker }: Picture, out: Output, now: number): Fact[] {
  const { id, started_at, origin = {} } = record;
  const at = Date.parse(started_at);
  const facts: Fact[] = [
    ['id', out.style.bold(safe(id))],
    ['started', `${started_at} ${out.style.dim(`(${ago(at, now)})`)}`],
  ];
  const { idempotency_key, parent, retry_of, concurrency } = origin;
  if (worker !== undefined) facts.push(['worker', safe(worker)]);
  if (idempotency_key !== undefined) facts.push(['key', safe(idempotency_key)]);
  if (parent) {
    const index = parent.index === undefined ? '' : `:${parent.index}`;
    facts.push([
      'parent',
      `${safe(parent.execution_id)} ${out.style.dim(`(step ${safe(parent.step_id)}${index})`)}`,
    ]);
  }
  if (retry_of !== undefined) facts.push(['retry of', safe(retry_of)]);
  if (concurrency)
    facts.push(['alone by', `${safe(concurrency.key)} ${out.style.dim(`(${concurrency.limit} at a time)`)}`]);
  if (Object.keys(execution.parameters).length > 0)
    facts.push(['given', short(JSON.stringify(execution.parameters), out)]);
  if (execution.trigger !== undefined) facts.push(['trigger', short(JSON.stringify(execution.trigger), out)]);
  if (messages > 0)
    facts.push([
      'inbox',
      out.style.yellow(`${messages} ${messages === 1 ? 'message waits' : 'messages wait'} for a worker`),
    ]);
  return facts;
}

function short(text: string, out: Output): string {
  return truncate(safe(text), Math.max(40, Math.min(out.columns, 200) - 13));
}

function showChildren({ children }: Picture, terminal: Terminal, now: number): void {
  const { out } = terminal;
  if (children.length === 0) return;
  out.line();
  out.line(`  ${out.style.bold('Children')}`);
  for (const { id, workflow_id, status, started_at } of children)
    out.line(
      `  ${statusLook(status, terminal)}  ${safe(id)}  ${safe(workflow_id)}  ${out.style.dim(ago(Date.parse(started_at), now))}`,
    );
}

/** Whose turn it is. */
function standing({ record, messages, worker }: Picture, now: number): string {
  const { owner, wake_at, status, origin } = record;
  if (worker !== undefined) return `A worker has it: ${safe(worker)}`;
  if (owner !== undefined) return `Its worker ${safe(owner)} is gone; the next one takes over: vwmp worker`;
  if (messages > 0) return 'It has messages, and goes on as soon as a worker runs: vwmp worker';
  // What has not begun is given a time by a worker alone that could not begin it.
  if (status === 'pending' && wake_at !== undefined && Date.parse(wake_at) > now)
    return `A worker could not take it up, and says why in its log; it is tried again ${ago(Date.parse(wake_at), now)}`;
  if (wake_at !== undefined && Date.parse(wake_at) > now)
    return `Nobody has it; it goes on ${ago(Date.parse(wake_at), now)}, at ${wake_at}`;
  if (isParked(record)) return 'Nobody has it; it goes on when what it waits for comes';
  if (status === 'pending' && origin?.concurrency)
    return `It waits for a worker, or for its turn: others with its concurrency key run`;
  return 'It waits for a worker: vwmp worker';
}

/** Only a message can wake it. */
function isParked({ status, wake_at }: ExecutionRecord): boolean {
  return status === 'waiting' && wake_at === undefined;
}
