import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** A process as /proc tells about it. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** When it started, in ticks since the machine did: with the pid it names a process for good, since pids are used again. */
  readonly started: string;
  /** It has ended and waits for its parent to notice. */
  readonly zombie: boolean;
}

/** Several hundred files are read at once; more at a time only fill the thread pool. */
const batch = 64;

/** All processes. Only on Linux; elsewhere the list is empty. */
export async function listProcesses(): Promise<ProcessInfo[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found: ProcessInfo[] = [];
  for (let i = 0; i < pids.length; i += batch) {
    const infos = await Promise.all(pids.slice(i, i + batch).map((pid) => readProcess(Number(pid))));
    found.push(...infos.filter((info) => info !== undefined));
  }
  return found;
}

/**
 * When a process that was started just now did so. Read at once: before the event loop turns, Node cannot have
 * noticed its end, so its entry is there even if it has ended already.
 */
export function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return parse(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'))?.started;
}

async function readProcess(pid: number): Promise<ProcessInfo | undefined> {
  return parse(pid, await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
}

function parse(pid: number, stat: string): ProcessInfo | undefined {
  // The name stands in brackets and may have anything in it, brackets too: the fields begin after the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  const started = fields[19];
  if (started === undefined) return undefined;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    started,
    zombie: state === 'Z' || state === 'X',
  };
}

/** True when the process began with this entry in its environment. */
export async function hasEnvironment(pid: number, entry: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return environment.split('\0').includes(entry);
}
