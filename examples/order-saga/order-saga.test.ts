import { expect, test } from 'vitest';
import { openExample } from '../testing/example.ts';
import { createShop, type Ledger } from './shop.ts';

async function openSaga() {
  const ledger: Ledger = [];
  const { run } = await openExample('order-saga', [createShop(ledger)]);
  return { ledger, run };
}

test('books three times when all goes well', async () => {
  const { ledger, run } = await openSaga();
  const execution = await run({ article: 'chair', quantity: 2 });
  expect(execution).toMatchObject({
    status: 'success',
    output: { order: 'A-1001', paid: 290, parcel: 'P-A-1001' },
  });
  expect(ledger).toEqual(['reserve 2 chair', 'charge 290', 'ship A-1001']);
});

test('waits for a busy courier', async () => {
  const { ledger, run } = await openSaga();
  const execution = await run({ courier: 'busy' });
  expect(execution.status).toBe('success');
  expect(execution.steps.ship?.attempts).toBe(3);
  expect(ledger).toHaveLength(3);
});

test('undoes payment and reservation, the last one first, when nobody ships', async () => {
  const { ledger, run } = await openSaga();
  const execution = await run({ courier: 'on_strike' });
  expect(execution).toMatchObject({ status: 'failed', compensated: ['pay', 'reserve'] });
  expect(execution.steps.ship).toMatchObject({ attempts: 3, error: { code: 'NO_COURIER' } });
  expect(ledger).toEqual(['reserve 1 lamp', 'charge 49', 'refund 49', 'release']);
});

test('does not ask a declined card again, and only puts the stock back', async () => {
  const { ledger, run } = await openSaga();
  const execution = await run({ article: 'desk', quantity: 10 });
  expect(execution).toMatchObject({ status: 'failed', compensated: ['reserve'] });
  expect(execution.steps.pay).toMatchObject({ attempts: 1, error: { code: 'CARD_DECLINED' } });
  expect(ledger).toEqual(['reserve 10 desk', 'release']);
});

test('refuses an order that is none before anything is booked', async () => {
  const { ledger, run } = await openSaga();
  const wrong = run({ order: '1001', article: 'sofa', quantity: 0 });
  await expect(wrong).rejects.toMatchObject({ code: 'PARAMETERS_INVALID', details: { length: 3 } });
  expect(ledger).toEqual([]);
});
