import type { Command } from '../../cli/command.ts';
import { deliver, tellDelivery } from '../../executions/delivery.ts';
import { findExecution } from '../../executions/find-execution.ts';
import { noteChange } from '../../platform/note-change.ts';
import { withPlatform } from '../../platform/with-platform.ts';

/** `vwmp executions cancel ID`. */
export const command: Command = async ({ operands: [given = ''], flag, text, terminal }) =>
  withPlatform('send', terminal, async ({ platform, settings }) => {
    const { executions, audit } = platform.storage;
    const reason = text('reason');
    const record = await findExecution(executions, given);
    const delivery = await deliver(executions, record, async () => {
      await platform.cancel(record.id, reason, { gentle: flag('gentle') });
      await noteChange(audit, terminal, 'execution.cancelled', record.id, { reason });
    });
    const { status } = delivery.record;
    const texts = {
      taken: `It is being cancelled, and what succeeded is being undone: vwmp executions show ${record.id}`,
      ended: status === 'cancelled' ? 'Cancelled.' : `It ended by itself at that moment: ${status}.`,
    };
    return tellDelivery(delivery, texts, { json: flag('json'), lease: settings.worker.lease }, terminal);
  });
