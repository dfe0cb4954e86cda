import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beside, type Figure } from '../../figure.ts';
import { runForJson } from '../../measure/child.ts';
import { interleave } from '../../measure/interleave.ts';
import { install } from '../../measure/package.ts';
import type { LoadReport, LoadTask } from '../../programs/api/load.ts';
import { NotMeasured, type Scenario } from '../../scenario.ts';
import { mebibyte } from '../core/probe.ts';
import { type Servers, withServers } from '../durable/servers.ts';
import { familyOf, heldByAll, usageOf } from '../modes/proc.ts';
import { type Installed, measureInstalled } from '../size/installed.ts';
import { ownPackages, prepareOwn, startOwn } from './ours.ts';
import type { Peer, Place, Running } from './peer.ts';

const clients = 16;

interface Sample {
  /** From the start of the process to the first answer, in milliseconds. */
  start: number;
  /** Milliseconds on a core until then, of all its processes. */
  cpu: number;
  /** Idle before any work, all of its processes, in bytes. */
  idle: number;
  /** After the work. */
  after: number;
  perSecond: number;
  p99: number;
}

/** A peer and VWMP in turns, on the same kind of database, asked in the same way. */
export function besidePeer(peer: Peer): Scenario {
  return {
    name: peer.name,
    title: `${peer.title} (${peer.same}): ${peer.note}`,
    measure: ({ core, choose }) =>
      withServers(async (servers): Promise<Figure[]> => {
        const folder = await installPeer(peer);
        try {
          const its = await placeOf(peer, servers, folder, 'peer');
          const own = await placeOf(peer, servers, core.folder, 'own');
          const startPeer = (): Promise<Running> => peer.start(its);
          const start = (): Promise<Running> => startOwn(core, peer, own);
          await peer.prepare?.(its);
          await prepareOwn(core, peer, own);
          // Migrations, and what is compiled on first use.
          for (const first of [startPeer, start]) await (await first()).end();
          const executions = choose(peer.executions, Math.ceil(peer.executions / 5));
          const samples = await interleave(choose(3, 1), {
            peer: () => sample(startPeer, executions),
            own: () => sample(start, choose(3000, 600)),
          });
          return figuresOf(
            peer,
            samples,
            measureInstalled(join(folder, 'node_modules')),
            await ownSize(peer),
          );
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }),
  };
}

function figuresOf(
  peer: Peer,
  samples: Record<'peer' | 'own', Sample[]>,
  installed: Installed,
  own: Installed,
): Figure[] {
  const { name, title, same } = peer;
  const base = (what: string, unit: Figure['unit']): Parameters<typeof beside>[0] => ({
    ...{
      id: `peers.${name}.${what.split(',')[0]!.replaceAll(' ', '-')}`,
      what: `${title}: ${what}`,
      unit,
      by: 'ratio',
    },
  });
  const both = (what: string, unit: Figure['unit'], key: keyof Sample, per = 1): Figure =>
    beside(
      base(what, unit),
      samples.peer.map((each) => each[key] / per),
      { what: 'VWMP', values: samples.own.map((each) => each[key] / per) },
    );
  return [
    beside(base('installed', 'MiB'), [installed.allocated / mebibyte], {
      what: 'VWMP',
      values: [own.allocated / mebibyte],
    }),
    beside(base('packages', 'count'), [installed.packages], { what: 'VWMP', values: [own.packages] }),
    both('start, to the first answer', 'ms', 'start'),
    both('CPU time, until then', 'ms', 'cpu'),
    both('idle memory, all of its processes', 'MiB', 'idle', mebibyte),
    both('memory afterwards', 'MiB', 'after', mebibyte),
    both(`executions, ${clients} clients: ${same}`, 'executions/s', 'perSecond'),
    both('p99 of them', 'ms', 'p99'),
  ];
}

/** @throws NotMeasured when npm cannot install it, with the reason */
async function installPeer({ packages, overrides = {}, patience = 3 }: Peer): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vwmp-bench-peer-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
  try {
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', ...packages], {
      ...{ cwd: folder, timeout: patience * 60_000, maxBuffer: 100 * mebibyte },
    });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    const { killed, stderr } = error as { killed?: boolean; stderr?: string };
    const reason = killed
      ? `it took more than ${patience} minutes`
      : (stderr ?? String(error))
          .split('\n')
          .flatMap((line) => /^npm error (?!code|path|A complete)(.+)/.exec(line)?.[1] ?? [])
          .slice(0, 2)
          .join('; ');
    throw new NotMeasured(`npm cannot install ${packages.join(', ')}: ${reason}`);
  }
  return folder;
}

async function placeOf({ backend }: Peer, servers: Servers, folder: string, name: string): Promise<Place> {
  const needsDatabase = backend === 'postgres' || (backend === 'redis' && name === 'own');
  return {
    folder,
    data: servers.folder(),
    databaseUrl: needsDatabase ? await (await servers.postgres()).createDatabase(name) : '',
    redisUrl: backend === 'redis' ? (await servers.redis()).url : '',
  };
}

async function ownSize(peer: Peer): Promise<Installed> {
  const installation = await install(ownPackages(peer));
  try {
    return measureInstalled(join(installation.folder, 'node_modules'));
  } finally {
    installation.remove();
  }
}

async function sample(start: () => Promise<Running>, executions: number): Promise<Sample> {
  const begun = performance.now();
  const running = await start();
  try {
    while (!(await isReady(running.health))) await pass(5);
    const first = performance.now() - begun;
    const cpu = familyOf(running.pid).reduce((sum, pid) => sum + usageOf(pid).cpu, 0);
    // V8 gives pages back some seconds after the start.
    await pass(12_000);
    const idle = heldByAll(familyOf(running.pid)).rss;
    await check(running.run);
    const { port, pathname, search } = new URL(running.run);
    const task: LoadTask = {
      ...{ port: Number(port), method: 'POST', path: pathname + search, body: '{}' },
      ...{ clients, requests: Math.ceil(executions * 1.1) },
    };
    const file = fileURLToPath(import.meta.resolve('../../programs/api/load.ts'));
    const args = ['--disable-warning=ExperimentalWarning', file, JSON.stringify(task)];
    const { refused, perSecond, p99 } = await runForJson<LoadReport>(args);
    if (refused > 0) throw new Error(`${refused} executions were not answered with 200.`);
    const after = heldByAll(familyOf(running.pid)).rss;
    return { start: first, cpu, idle, after, perSecond, p99 };
  } finally {
    await running.end();
  }
}

/** A wrong result has no speed. */
async function check(url: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: '{}' });
  const text = await answer.text();
  if (!answer.ok || !/"total":\s*6/.test(text))
    throw new Error(`An execution was answered with ${answer.status}: ${text.slice(0, 500)}`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
