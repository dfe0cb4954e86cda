import type { Maintenance, Storage } from '@vwmp/core';
import type { Settings } from '@vwmp/core/settings';
import { nameOf } from '../db/open-maintenance.ts';
import { pendingCount } from '../db/pending.ts';
import { sizeOf } from '../db/size.ts';
import { fs } from '../node.ts';
import { holdsNothing } from '../platform/with-platform.ts';
import { bytes } from '../terminal/bytes.ts';
import { elapsed } from '../terminal/elapsed.ts';
import { type Finding, failure } from './finding.ts';

/** How long a database may take to answer before that is odd, in milliseconds. */
const slow = { sqlite: 50, postgresql: 50, file: 100, memory: 50 };
/** Clocks that are so far apart show in timers, in milliseconds. */
const skewed = 2000;
const pings = 5;

/** What was found, and whether more can be asked of it. */
export interface DatabaseFindings {
  findings: Finding[];
  usable: boolean;
}

/** Asks without creating or migrating anything. */
export async function checkDatabase(storage: Storage, settings: Settings): Promise<DatabaseFindings> {
  const { backend, path } = settings.database;
  const name = nameOf(settings);
  if (path !== undefined && !fs.existsSync(path)) {
    return {
      usable: false,
      findings: [
        {
          area: 'database',
          verdict: 'note',
          title: `${name} is not there yet`,
          advice: `"vwmp start", "vwmp serve" and "vwmp worker" create it${backend === 'sqlite' ? '; so does "vwmp db migrate"' : ''}.`,
        },
      ],
    };
  }
  // Opening would make it.
  if (holdsNothing(settings)) {
    const title = `${name} holds no executions yet`;
    const advice = '"vwmp start", "vwmp serve" and "vwmp worker" create what is missing in it.';
    return { usable: false, findings: [{ area: 'database', verdict: 'note', title, advice }] };
  }
  const findings: Finding[] = [];
  try {
    const pending = await checkMigrations(storage.maintenance, findings);
    if (pending) return { findings, usable: false };
    await storage.open();
    const latency = await measure(() => storage.ping());
    const size = sizeOf(settings);
    const title = `${name} answers in ${elapsed(latency)}${size === undefined ? '' : `, ${bytes(size)}`}`;
    const isSlow = latency > slow[backend];
    findings.push({
      area: 'database',
      verdict: isSlow ? 'warning' : 'ok',
      title: isSlow ? `${title}, which is slow` : title,
      ...(isSlow && {
        advice: 'Every step waits for it: look at its load, its disk and the network between.',
      }),
    });
    if (backend === 'postgresql') findings.push(...(await checkClock(storage)));
    return { findings, usable: true };
  } catch (error) {
    return { findings: [...findings, failure('database', name, error)], usable: false };
  }
}

/** @returns whether some are pending */
async function checkMigrations(maintenance: Maintenance | undefined, findings: Finding[]): Promise<boolean> {
  if (!maintenance) return false;
  const { pending } = await maintenance.status();
  if (pending.length === 0) return false;
  findings.push({
    area: 'database',
    verdict: 'warning',
    title: `${pendingCount(pending)}: ${pending.join(', ')}`,
    advice: 'Carry out what is pending with "vwmp db migrate"; the next worker that starts does, too.',
  });
  return true;
}

/** The median of a few, in milliseconds: the first one may have to connect. */
export async function measure(ping: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let at = 0; at < pings; at++) {
    const asked = performance.now();
    await ping();
    times.push(performance.now() - asked);
  }
  return times.sort((a, b) => a - b)[Math.floor(pings / 2)]!;
}

/** A lease is given by the clock of the database, which can be read from it. */
async function checkClock({ executions, maintenance }: Storage): Promise<Finding[]> {
  if (!maintenance) return [];
  const worker = `doctor-${process.pid}-${Date.now().toString(36)}`;
  const asked = Date.now();
  const ttl = 10_000;
  await executions.heartbeat(worker, ttl);
  const answered = Date.now();
  const theirs = await readLease(maintenance, worker);
  await executions.retire(worker);
  if (theirs === undefined) return [];
  const skew = theirs - ttl - (asked + answered) / 2;
  const uncertain = (answered - asked) / 2;
  if (Math.abs(skew) <= skewed + uncertain) return [];
  const which = skew > 0 ? 'ahead of' : 'behind';
  return [
    {
      area: 'database',
      verdict: 'warning',
      title: `The clock of the database is ${elapsed(Math.abs(skew))} ${which} the one of this machine`,
      advice: 'Timers and schedules go by the clock of the worker: keep both in time with NTP.',
    },
  ];
}

async function readLease(maintenance: Maintenance, worker: string): Promise<number | undefined> {
  let cursor: string | undefined;
  do {
    const batch = await maintenance.exportRows('workers', cursor, 500);
    const row = batch.rows.find(({ id }) => id === worker);
    if (row) return typeof row.expires_at === 'number' ? row.expires_at : undefined;
    cursor = batch.cursor;
  } while (cursor !== undefined);
  return undefined;
}
