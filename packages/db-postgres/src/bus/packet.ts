import type { ExecutionEvent } from '@vwmp/core';

/**
 * What goes from process to process, as JSON:
 *
 * - an event, as it is
 * - `[0, EXECUTION, SEQ]`: a recorded event that is too large for a notification; whoever wants it reads it
 * - `[1, WORKER, EXECUTION]`: a hint for a worker
 * - `[2]`: somebody begins to watch executions
 */
export type Item =
  | ExecutionEvent
  | readonly [0, string, number]
  | readonly [1, string, string]
  | readonly [2];

/** A notification holds less than 8000 bytes. */
const largestPacket = 7900;
/** Of what is around the items of a packet. */
const frame = 40;
export const largestItem: number = largestPacket - frame;

/** A log entry that is cut down keeps so many characters at most; six bytes each, in the worst case. */
const keptCharacters = 1000;

/** Told apart from what is recorded: it can't be read later. */
const announced: readonly string[] = ['step_started', 'log', 'progress', 'compensation_started'];

/** An event as an item. @returns undefined for what does not fit, whatever is done to it */
export function writeEvent(event: ExecutionEvent): string | undefined {
  const whole = JSON.stringify(event);
  if (fits(whole)) return whole;
  const small: Item = announced.includes(event.event) ? cutDown(event) : [0, event.execution_id, event.seq];
  const written = JSON.stringify(small);
  return fits(written) ? written : undefined;
}

/** What a step logs is kept elsewhere, too, and as it is. */
function cutDown(event: ExecutionEvent): ExecutionEvent {
  const { data: _, ...rest } = event as ExecutionEvent & { data?: unknown };
  if (!('message' in rest) || rest.message === undefined || rest.message.length <= keptCharacters)
    return rest;
  return { ...rest, message: `${rest.message.slice(0, keptCharacters).toWellFormed()}…` };
}

function fits(text: string): boolean {
  return text.length <= largestItem && Buffer.byteLength(text) <= largestItem;
}

/**
 * Puts items into as few packets as possible, in order.
 *
 * @param sender - nobody else has it: whoever sent something gets it back
 * @param number - no two packets of a sender have the same: of equal ones only one would arrive
 */
export function pack(items: readonly string[], sender: string, number: () => number): string[] {
  const packets: string[] = [];
  let held: string[] = [];
  let bytes = 0;
  const flush = (): void => {
    if (held.length > 0) packets.push(`["${sender}",${number()},${held.join(',')}]`);
    held = [];
    bytes = 0;
  };
  for (const item of items) {
    const size = Buffer.byteLength(item) + 1;
    if (bytes + size > largestItem) flush();
    held.push(item);
    bytes += size;
  }
  flush();
  return packets;
}

/** Whether a packet is from this sender, without reading it. */
export function isFrom(packet: string, sender: string): boolean {
  return packet.startsWith(`["${sender}",`);
}

/** @returns what is in a packet; nothing when it is none */
export function unpack(packet: string): Item[] {
  try {
    const [, , ...items] = JSON.parse(packet) as [string, number, ...Item[]];
    return items.filter((item) => typeof item === 'object' && item !== null);
  } catch {
    // Someone else uses the channel.
    return [];
  }
}
