import type { EventBus, QueueBackend } from '@vwmp/core';
import { describeSettings, type Settings } from '@vwmp/core/settings';
import { inTime } from '../platform/in-time.ts';
import { count } from '../terminal/bytes.ts';
import { elapsed } from '../terminal/elapsed.ts';
import { measure } from './check-database.ts';
import { type Finding, failure } from './finding.ts';

const slow = 50;
/** Longer than the queue itself waits, which then says why. In milliseconds. */
const patience = 8000;

/** The queue server, and what lies in it. One in memory is that of each process alone. */
export async function checkQueue(queue: QueueBackend, bus: EventBus, settings: Settings): Promise<Finding[]> {
  if (settings.queue.backend === 'memory') {
    return [{ area: 'queue', verdict: 'ok', title: 'The queue is in the memory of each worker' }];
  }
  const name =
    describeSettings(settings).find(({ variable }) => variable === 'VWMP_REDIS_URL')?.value ?? 'Redis';
  try {
    await inTime(Promise.all([queue.open(), bus.open()]), patience);
    const latency = await inTime(
      measure(() => queue.ping()),
      patience,
    );
    await inTime(bus.ping(), patience);
    const isSlow = latency > slow;
    const title = `${name} answers in ${elapsed(latency)}`;
    return [
      {
        area: 'queue',
        verdict: isSlow ? 'warning' : 'ok',
        title: isSlow ? `${title}, which is slow` : title,
        ...(isSlow && { advice: 'Look at its load, and at the network between.' }),
      },
      ...(await inTime(checkContents(queue), patience)),
    ];
  } catch (error) {
    // One that answers is there, and has said what it needs.
    const answers = /\b(OOM|MISCONF|LOADING|BUSY|CLUSTERDOWN|NOPERM)\b/.test(String(error));
    const advice = `${answers ? '' : 'Start it, or correct VWMP_REDIS_URL. '}Executions that were accepted are not lost meanwhile.`;
    return [failure('queue', name, error, advice)];
  }
}

async function checkContents(queue: QueueBackend): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of await queue.queues()) {
    const { waiting, active, delayed, dead, paused } = await queue.counts(name);
    const parts = [`${count(waiting)} waiting`, `${count(active)} active`, `${count(delayed)} delayed`];
    findings.push({ area: 'queue', verdict: 'ok', title: `Queue "${name}": ${parts.join(', ')}` });
    if (paused) {
      findings.push({
        area: 'queue',
        verdict: 'warning',
        title: `The queue "${name}" is paused: nothing of it is given out`,
        advice: `Resume it when it may go on: vwmp queues resume ${name}`,
      });
    } else if (waiting > 0 && active === 0) {
      const work = name === 'executions' ? 'vwmp worker' : `vwmp worker --queue ${name}`;
      findings.push({
        area: 'queue',
        verdict: 'warning',
        title: `Nobody takes the ${tasks(waiting)} of the queue "${name}"`,
        advice: `Run a worker for it: ${work}`,
      });
    }
    if (dead > 0) findings.push(await deadFinding(queue, name, dead));
  }
  return findings;
}

async function deadFinding(queue: QueueBackend, name: string, dead: number): Promise<Finding> {
  const [oldest] = (await queue.dead(name, { limit: 1 })).results;
  const why = oldest ? `; the oldest: ${oldest.task.name}, ${oldest.error.code} ${oldest.error.message}` : '';
  return {
    area: 'queue',
    verdict: 'warning',
    title: `${tasks(dead)} of the queue "${name}" failed for good${why}`,
    advice: `Find out why before they are tried again: vwmp queues dead ${name}`,
  };
}

function tasks(number: number): string {
  return number === 1 ? '1 task' : `${count(number)} tasks`;
}
