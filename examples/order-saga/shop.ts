import { defineHandler, definePlugin, VwmpError } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';

/** What was booked, in order: `reserve lamp`, `refund pay-A-1001`. Stands for three systems of other people. */
export type Ledger = string[];

/**
 * The plugin `shop`. A step may be run again after a crash, so every booking goes by the idempotency key of its step:
 * the same key books once, whatever happens.
 */
export function createShop(ledger: Ledger = []) {
  const booked = new Set<string>();
  const book = (key: string, entry: string): void => {
    if (booked.has(key)) return;
    booked.add(key);
    ledger.push(entry);
  };

  const reserve = defineHandler({
    description: 'Takes articles out of the stock.',
    config: Type.Object({ article: Type.String(), quantity: Type.Integer({ minimum: 1 }) }),
    output: Type.Object({ reservation: Type.String() }),
    execute({ config, idempotencyKey, execution }) {
      book(idempotencyKey, `reserve ${config.quantity} ${config.article}`);
      return { reservation: `stock-${execution.id}` };
    },
  });

  const release = defineHandler({
    description: 'Puts reserved articles back.',
    config: Type.Object({ reservation: Type.String() }),
    execute({ idempotencyKey, logger }) {
      book(idempotencyKey, 'release');
      logger.info('The articles are back in stock.');
      return null;
    },
  });

  const charge = defineHandler({
    description: 'Charges the card of the customer.',
    config: Type.Object({ order: Type.String(), amount: Type.Number({ minimum: 0 }) }),
    output: Type.Object({ payment: Type.String(), amount: Type.Number() }),
    execute({ config: { order, amount }, idempotencyKey }) {
      // The limit of this imaginary card. `retryable: false` says that another attempt cannot help.
      if (amount > 3000)
        throw new VwmpError('CARD_DECLINED', `The card has no ${amount} €.`, { retryable: false });
      book(idempotencyKey, `charge ${amount}`);
      return { payment: `pay-${order}`, amount };
    },
  });

  const refund = defineHandler({
    description: 'Gives a payment back.',
    config: Type.Object({ payment: Type.String(), amount: Type.Number() }),
    execute({ config, idempotencyKey, logger }) {
      book(idempotencyKey, `refund ${config.amount}`);
      logger.info(`${config.amount} € of ${config.payment} are on their way back.`);
      return null;
    },
  });

  const ship = defineHandler({
    description: 'Hands the parcel over to a courier.',
    config: Type.Object({ order: Type.String(), courier: Type.Enum(['reliable', 'busy', 'on_strike']) }),
    output: Type.Object({ parcel: Type.String() }),
    execute({ config: { order, courier }, attempt, idempotencyKey }) {
      if (courier === 'on_strike' || (courier === 'busy' && attempt < 3)) {
        throw new VwmpError(
          'NO_COURIER',
          `Nobody came for the parcel of order ${order}, attempt ${attempt}.`,
        );
      }
      book(idempotencyKey, `ship ${order}`);
      return { parcel: `P-${order}` };
    },
  });

  return definePlugin({ name: 'shop', handlers: { reserve, release, charge, refund, ship } });
}
