import { auditedKey, hiddenKey } from 'operator-common';
import type { Command } from '../../cli/command.ts';
import { readJson } from '../../cli/read-json.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { deliver, settle, tellDelivery } from '../../executions/delivery.ts';
import { findExecution } from '../../executions/find-execution.ts';
import { noteChange } from '../../platform/note-change.ts';
import { withPlatform } from '../../platform/with-platform.ts';
import { safe } from '../../terminal/safe.ts';

const name = 'executions signal';

/** `vwmp executions signal ID NAME [PAYLOAD]`. */
export const command: Command = async ({ operands, flag, text: option, terminal }) => {
  const [given = '', signal = '', text] = operands;
  if (signal === '') throw new UsageError('The name of the signal is empty.', name);
  const key = option('key');
  if (key === '') throw new UsageError('The key is empty.', name);
  // What is secret in a key or a name is not in the events.
  const keys: (string | undefined)[] = key === undefined ? [key] : [key, hiddenKey(key)];
  const payload =
    text === undefined ? null : await readJson(text, 'The payload', '{"key": "value"}', name, terminal.err);
  return withPlatform('send', terminal, async ({ platform, settings }) => {
    const { executions, audit } = platform.storage;
    const record = await findExecution(executions, given);
    const delivery = await settle(
      executions,
      await deliver(
        executions,
        record,
        async () => {
          await platform.signal(record.id, signal, payload, { idempotencyKey: key });
          await noteChange(audit, terminal, 'execution.signalled', record.id, {
            ...{ signal, idempotency_key: auditedKey(key, record) },
          });
        },
        ({ body }) => {
          const waits = body as { type: string; idempotency_key?: string };
          return waits.type === 'signal' && key !== undefined && keys.includes(waits.idempotency_key);
        },
      ),
      // One with the same key may have been taken in long ago.
      key === undefined ? record.seq : 0,
      (event) =>
        event.event === 'signal_received' &&
        keys.includes(event.idempotency_key) &&
        (event.signal === signal || event.signal.includes('***')),
    );
    const { status, completed_at } = delivery.record;
    const sent = `The execution has got the signal "${safe(signal)}".`;
    return tellDelivery(
      delivery,
      {
        taken: sent,
        ended: `${sent} It ended: ${status}.`,
        missed:
          completed_at === undefined
            ? 'The execution was ending already when the signal came, and has not taken it in.'
            : `The execution ended (${status}) before the signal was taken in.`,
      },
      { json: flag('json'), lease: settings.worker.lease },
      terminal,
    );
  });
};
