import { expect, test } from 'vitest';
import { roundOf } from './evolve.ts';
import { Example } from './testing/example.ts';
import { isoTime } from './time.ts';

const signal = { kind: 'signal' as const, signal: 'paid' };

test('a signal goes to one step that waits for it, the first in the document', () => {
  const run = new Example([{ id: 'a' }, { id: 'b' }]);
  run.send({ type: 'suspended', step_id: 'b', wait: signal });
  run.send({ type: 'suspended', step_id: 'a', wait: signal });
  expect(run.send({ type: 'signal', signal: 'paid', payload: 1 })).toContainEqual({
    type: 'resume',
    step_id: 'a',
    attempt: 1,
    iteration: 0,
    payload: 1,
  });
  expect(run.steps).toEqual({ a: 'running', b: 'waiting' });
});

test('signals that come before anyone waits are kept and taken in order', () => {
  const run = new Example([{ id: 'a' }]);
  for (const payload of [1, null, 3]) run.send({ type: 'signal', signal: 'paid', payload });
  for (const payload of [1, null, 3]) {
    const commands = run.send({ type: 'suspended', step_id: 'a', wait: signal });
    expect(commands.at(-1)).toMatchObject({ type: 'resume', payload });
  }
  run.send({ type: 'suspended', step_id: 'a', wait: signal });
  expect(run.steps.a).toBe('waiting');
});

test('of the signals of one name with one key the first is taken in, whatever was waited for since', () => {
  const run = new Example([{ id: 'a' }]);
  const keyed = (payload: number, name = 'paid', idempotency_key = '__proto__') =>
    run.send({ type: 'signal', signal: name, payload, idempotency_key });
  keyed(1);
  keyed(2);
  expect(run.send({ type: 'suspended', step_id: 'a', wait: signal }).at(-1)).toMatchObject({ payload: 1 });
  run.state.keyed_signals = structuredClone(run.state.keyed_signals!);
  run.send({ type: 'suspended', step_id: 'a', wait: signal });
  expect(keyed(3)).toEqual([]);
  expect(keyed(4, 'pai', 'd__proto__')).toEqual([]);
  expect(run.steps.a).toBe('waiting');
  expect(keyed(5, 'paid', 'other').at(-1)).toMatchObject({ payload: 5 });
});

test('an approval goes on with its decision; a timer and a signal do not', () => {
  const run = new Example([{ id: 'a' }]);
  run.send({ type: 'suspended', step_id: 'a', wait: signal });
  expect(run.send({ type: 'resume', step_id: 'a', payload: 'yes' })).toEqual([]);
  run.send({ type: 'signal', signal: 'paid', payload: 1 });
  run.send({ type: 'suspended', step_id: 'a', wait: { kind: 'approval', prompt: 'Go on?' } });
  expect(run.send({ type: 'resume', step_id: 'a', payload: 'yes' }).at(-1)).toMatchObject({
    type: 'resume',
    payload: 'yes',
  });
});

test('what answers one wait of a run does not answer another one', () => {
  const run = new Example([
    { id: 'a', repeat: { until: 'false', max: 9, delay: 0 }, retry: { attempts: 9, delay: 0 } },
  ]);
  const answer = (round: string) => run.send({ type: 'resume', step_id: 'a', payload: 'yes', round });
  const rounds: string[] = [];
  const ask = (): void => {
    run.send({ type: 'suspended', step_id: 'a', wait: { kind: 'approval', prompt: 'Go on?' } });
    for (const round of rounds) expect(answer(round)).toEqual([]);
    const { definition, state } = run;
    rounds.push(roundOf(definition, state, { step_id: 'a' }));
    expect(answer(rounds.at(-1)!)).toHaveLength(2);
  };
  ask();
  ask();
  run.send({ type: 'failed', step_id: 'a', random: 0, error: { code: 'X', message: 'x' } });
  run.send({ type: 'timer', key: 'a', random: 0 });
  ask();
  run.send({ type: 'succeeded', step_id: 'a', output: 1, again: true });
  run.send({ type: 'timer', key: 'a', random: 0 });
  ask();
  expect(new Set(rounds).size).toBe(4);
});

test('a wait that ends in vain fails the attempt, which may be tried again', () => {
  const run = new Example([{ id: 'a', retry: { attempts: 2, delay: 0 } }]);
  const deadline = { at: isoTime(500), code: 'WAIT_TIMEOUT' as const };
  expect(run.send({ type: 'suspended', step_id: 'a', wait: { ...signal, deadline } })).toEqual([
    { type: 'set_timer', key: 'a', at: isoTime(500) },
  ]);
  run.at = 500;
  run.send({ type: 'timer', key: 'a', random: 0 });
  run.send({ type: 'timer', key: 'a', random: 0 });
  run.send({ type: 'suspended', step_id: 'a', wait: { ...signal, deadline } });
  run.send({ type: 'timer', key: 'a', random: 0 });
  expect(run.step('a')).toMatchObject({ status: 'failed', attempts: 2, error: { code: 'WAIT_TIMEOUT' } });
});

test.each([500, 90_000])(
  'the timeout of a step holds while it is parked, also when its timer comes at %i ms',
  (at) => {
    const run = new Example([{ id: 'a', timeout: 500 }]);
    const commands = run.send({
      type: 'suspended',
      step_id: 'a',
      wait: { kind: 'timer', until: isoTime(60_000) },
    });
    expect(commands).toEqual([{ type: 'set_timer', key: 'a', at: isoTime(500) }]);
    run.at = at;
    run.send({ type: 'timer', key: 'a', random: 0 });
    expect(run.step('a').error?.code).toBe('STEP_TIMEOUT');
  },
);

test('a sleep shorter than the timeout of its step ends well, however late its timer comes', () => {
  const run = new Example([{ id: 'a', timeout: 500 }]);
  run.send({ type: 'suspended', step_id: 'a', wait: { kind: 'timer', until: isoTime(400) } });
  run.at = 90_000;
  expect(run.send({ type: 'timer', key: 'a', random: 0 }).at(-1)).toMatchObject({
    type: 'resume',
    payload: null,
  });
});

test('the deadline of a wait is the earlier of its own and that of the step', () => {
  const run = new Example([{ id: 'a', timeout: 500 }]);
  const deadline = { at: isoTime(100), code: 'WAIT_TIMEOUT' as const };
  expect(run.send({ type: 'suspended', step_id: 'a', wait: { ...signal, deadline } })).toEqual([
    { type: 'set_timer', key: 'a', at: isoTime(100) },
  ]);
});
