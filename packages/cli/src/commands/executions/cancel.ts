import type { Command } from '../../cli/command.ts';
import { deliver, tellDelivery } from '../../executions/delivery.ts';
import { findExecution } from '../../executions/find-execution.ts';
import { withPlatform } from '../../platform/with-platform.ts';

/** `vwmp executions cancel ID`. */
export const command: Command = async ({ operands: [given = ''], flag, text, terminal }) =>
  withPlatform('send', terminal, async ({ platform, settings }) => {
    const { executions } = platform.storage;
    const record = await findExecution(executions, given);
    const delivery = await deliver(executions, record, () => platform.cancel(record.id, text('reason')));
    const { status } = delivery.record;
    const texts = {
      taken: `It is being cancelled, and what succeeded is being undone: vwmp executions show ${record.id}`,
      ended: status === 'cancelled' ? 'Cancelled.' : `It ended by itself at that moment: ${status}.`,
    };
    return tellDelivery(delivery, texts, { json: flag('json'), lease: settings.worker.lease }, terminal);
  });
