import {
  type ExecutionRecord,
  type ExecutionStore,
  formatDuration,
  type Message,
  type StoredEvent,
} from '@vwmp/core';
import { exitCodes } from '../cli/command.ts';
import { safe } from '../terminal/safe.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { workerOf } from './picture.ts';

/**
 * What became of a message a moment after it was sent.
 *
 * - `recorded`: nobody has taken it in yet; it waits in the store
 * - `taken`: the worker that has the execution knows of it
 * - `ended`: the execution has ended
 * - `missed`: what it was for did not wait for it any more
 */
export interface Delivery {
  outcome: 'recorded' | 'taken' | 'ended' | 'missed';
  /** As it was last seen. */
  record: ExecutionRecord;
  /** The worker that has the execution. */
  worker?: string;
}

/** How long a worker gets to answer before it is said that none did, and how often is looked; in milliseconds. */
const patience = 2000;
const pause = 50;

/**
 * Sends something to an execution and looks what becomes of it. Workers that have nothing to do leave no trace, so that
 * whether one runs shows only in what it does.
 *
 * @param send - posts the message
 * @param isSame - whether what waits already is that message: sent again, it is not posted a second time
 */
export async function deliver(
  store: ExecutionStore,
  found: ExecutionRecord,
  send: () => Promise<void>,
  isSame: (message: Message) => boolean = () => false,
): Promise<Delivery> {
  const { id } = found;
  let record = found;
  const others = (await store.messages(id)).filter((message) => !isSame(message));
  const before = new Set(others.map((message) => message.id));
  await send();
  for (const until = Date.now() + patience; ; ) {
    const messages = await store.messages(id);
    const current = await store.get(id);
    record = current ?? record;
    if (!current || record.completed_at !== undefined) return { outcome: 'ended', record };
    if (messages.every((message) => before.has(message.id))) return { outcome: 'taken', record };
    if (Date.now() >= until) {
      const worker = await workerOf(store, record);
      return { outcome: 'recorded', record, ...(worker !== undefined && { worker }) };
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/**
 * A message that was handled was not always taken in: a cancel may have come before it, or another answer.
 *
 * @param seq - of the execution before it was sent
 * @param tells - whether an event tells that it was taken in
 * @returns the delivery, as `missed` where no event does
 */
export async function settle(
  store: ExecutionStore,
  delivery: Delivery,
  seq: number,
  tells: (event: StoredEvent) => boolean,
): Promise<Delivery> {
  // What waits or was removed meanwhile tells nothing yet, or nothing any more.
  if (delivery.outcome === 'recorded' || isGone(delivery)) return delivery;
  for await (const event of store.events(delivery.record.id, seq)) if (tells(event)) return delivery;
  return { ...delivery, outcome: 'missed' };
}

/** Whether the execution was pruned at that moment: it has ended then, and nothing tells how. */
function isGone({ outcome, record }: Delivery): boolean {
  return outcome === 'ended' && record.completed_at === undefined;
}

/**
 * Tells a person, or a program with `--json`.
 *
 * @param lease - that of the settings, in milliseconds: workers look for what nobody has told them of so often
 * @returns the exit code
 */
export function tellDelivery(
  delivery: Delivery,
  texts: { taken: string; ended: string; missed?: string },
  { json, lease }: { json: boolean; lease: number },
  { out, err, symbols }: Terminal,
): number {
  const { outcome, record, worker } = delivery;
  const gone = isGone(delivery);
  const code = outcome === 'missed' ? exitCodes.failed : exitCodes.success;
  if (json) {
    const status = gone ? undefined : record.status;
    out.line(JSON.stringify({ execution_id: record.id, outcome, status, worker }, null, 2));
  } else if (outcome === 'recorded') {
    const who =
      worker === undefined
        ? `No worker has taken it up yet: one that runs does within ${formatDuration(lease)}, else the next one: vwmp worker.`
        : `The worker ${safe(worker)} has not taken it in yet: it, or the one that takes over from it, will carry it out.`;
    out.line(`${out.style.yellow(symbols.waiting)} Recorded. ${who}`);
  } else if (outcome === 'missed') err.line(`${err.style.red(symbols.failed)} ${texts.missed ?? ''}`);
  else {
    const text = gone
      ? 'The execution has ended, and was removed at that moment: how it ended is not known.'
      : texts[outcome];
    out.line(`${out.style.green(symbols.success)} ${text}`);
  }
  return code;
}
