import { readdirSync, readFileSync } from 'node:fs';
import { NotMeasured } from '../../scenario.ts';

/** What a process has used so far, all of its threads together. */
export interface Usage {
  /** How often a thread that waited went on. */
  wakes: number;
  /** Milliseconds on a core, to the nanosecond: clock ticks of 10 ms would hide what an idle process takes. */
  cpu: number;
}

/** What a process holds, in bytes. */
export interface Held {
  rss: number;
  /** Its fair share of what it has in common with others: sums over processes count nothing twice. */
  pss: number;
  /** Written to by this process, and so its own. */
  dirty: number;
  /** What others have mapped, too: the program, and memory that the processes of a server share. */
  shared: number;
}

/** @throws NotMeasured where there is no /proc */
export function usageOf(pid: number): Usage {
  const usage: Usage = { wakes: 0, cpu: 0 };
  for (const task of readdirSync(procOf(pid, 'task'))) {
    const [time = '0'] = readFileSync(procOf(pid, 'task', task, 'schedstat'), 'utf8').split(' ');
    usage.cpu += Number(time) / 1e6;
    const status = readFileSync(procOf(pid, 'task', task, 'status'), 'utf8');
    usage.wakes += Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return usage;
}

export function heldBy(pid: number): Held {
  const text = readFileSync(procOf(pid, 'smaps_rollup'), 'utf8');
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return {
    rss: bytes('Rss'),
    pss: bytes('Pss'),
    dirty: bytes('Private_Dirty'),
    shared: bytes('Shared_Clean') + bytes('Shared_Dirty'),
  };
}

/** What several processes hold together. */
export function heldByAll(pids: readonly number[]): Held & { once: number } {
  const sum = { rss: 0, pss: 0, dirty: 0, shared: 0, once: 0 };
  const most = new Map<string, number>();
  for (const pid of pids) {
    const held = heldBy(pid);
    for (const key of ['rss', 'pss', 'dirty', 'shared'] as const) sum[key] += held[key];
    // Of one program, what any of them shares with others is there once, whoever else on the machine has it.
    const name = nameOf(pid);
    most.set(name, Math.max(most.get(name) ?? 0, held.shared));
  }
  sum.once = sum.rss - sum.shared;
  for (const shared of most.values()) sum.once += shared;
  return sum;
}

/** A process and everything that it has started, directly or not. */
export function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync(procOf())) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family = [pid];
  for (const each of family) family.push(...(children.get(each) ?? []));
  return family;
}

/** Processes with this name that this process has started: servers of tests, with whatever they start. */
export function ownProcesses(name: string): number[] {
  return familyOf(process.pid).filter((pid) => {
    try {
      return nameOf(pid) === name;
    } catch {
      return false;
    }
  });
}

function nameOf(pid: number): string {
  return readFileSync(procOf(pid, 'comm'), 'utf8').trim();
}

function parentOf(pid: string): number | undefined {
  try {
    // The name of the program is in brackets and may hold anything.
    const [, parent] = /\) \S (\d+)/.exec(readFileSync(procOf(pid, 'stat'), 'utf8')) ?? [];
    return parent === undefined ? undefined : Number(parent);
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

function procOf(...parts: (string | number)[]): string {
  if (process.platform !== 'linux') throw new NotMeasured('Only Linux tells this of processes, in /proc.');
  return ['/proc', ...parts].join('/');
}
