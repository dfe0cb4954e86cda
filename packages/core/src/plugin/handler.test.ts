// What the compiler refuses is marked: where it would not, the mark is an error of the type-check.
import { expect, it } from 'vitest';
import { Type } from '../schema.ts';
import { defineHandler, emit, type Handler, type HandlerContext, suspend } from './handler.ts';

const config = Type.Object({ amount: Type.Number(), note: Type.Optional(Type.String()) });
const output = Type.Object({ receipt: Type.String() });
const about = { description: 'Charges a card.', config };

it('takes handlers whose code gives what they declare', async () => {
  const handlers: Handler[] = [
    defineHandler({ ...about, output, execute: ({ config: { amount } }) => ({ receipt: `${amount}` }) }),
    defineHandler({
      ...about,
      output,
      ports: ['declined', 'later'],
      async execute({ config: { amount, note = '' } }) {
        if (amount > 10) return emit('declined', { note });
        if (amount > 5) return suspend({ kind: 'signal', signal: 'paid' });
        return { receipt: note };
      },
      resume: (_context, payload) => (payload === null ? emit('later') : { receipt: 'r' }),
    }),
    defineHandler({ ...about, output, ports: ({ to }) => [String(to)], execute: () => emit('anywhere') }),
    defineHandler({ ...about, ports: ['declined'], execute: () => emit('declined') }),
    defineHandler({ ...about, async execute() {} }),
    defineHandler({
      ...about,
      output,
      execute() {
        throw new Error('always');
      },
    }),
  ];
  expect(handlers).toHaveLength(6);
});

it('leaves what cannot be right to the compiler', () => {
  const execute = async ({ config: { amount } }: HandlerContext<{ amount: number }>) =>
    amount > 1 ? emit('declned') : { receipt: 'r' };
  const handlers: Handler[] = [
    // @ts-expect-error -- no such config
    defineHandler({ ...about, execute: ({ config: given }) => given.amout }),
    // @ts-expect-error -- it may be missing
    defineHandler({ ...about, execute: ({ config: { note } }) => note.length }),
    // @ts-expect-error -- another output
    defineHandler({ ...about, output, execute: () => ({ recipt: 'r' }) }),
    // @ts-expect-error -- another type
    defineHandler({ ...about, output, execute: async () => ({ receipt: 1 }) }),
    // @ts-expect-error -- no output
    defineHandler({ ...about, output, execute() {} }),
    // @ts-expect-error -- no such port
    defineHandler({ ...about, output, ports: ['declined'], execute: () => emit('declned') }),
    // @ts-expect-error -- also where its code is loaded
    defineHandler({ ...about, output, ports: ['declined'], load: async () => ({ execute }) }),
    // @ts-expect-error -- and after a wait
    defineHandler({ ...about, output, execute: () => ({ receipt: 'r' }), resume: () => 1 }),
  ];
  expect(handlers).toHaveLength(8);
});
