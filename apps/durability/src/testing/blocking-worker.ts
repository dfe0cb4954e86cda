import { existsSync } from 'node:fs';
import { defineHandler, definePlugin } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { argument, say } from './in-child.ts';
import { makePlatform, type Place } from './place.ts';

/** What it is told. */
export interface BlockingArguments {
  place: Place;
  name: string;
  /** The file that lets its handler go on. Missing: it does not block. */
  until?: string;
}

// Works with a handler that lets nothing else happen in its process until a file is there. It starts an execution whenever it
// gets a SIGUSR2.
const { place, name, until } = argument<BlockingArguments>();
const who = defineHandler({
  description: 'Tells who ran it, some time later.',
  config: Type.Object({}),
  execute() {
    say(`runs ${name}`);
    const pause = new Int32Array(new SharedArrayBuffer(4));
    while (until !== undefined && !existsSync(until)) Atomics.wait(pause, 0, 0, 20);
    return name;
  },
});
const platform = await makePlatform(place, {
  plugins: [definePlugin({ name: 'test', handlers: { who } })],
  logger: { log: (level, message) => say(`${level}: ${message}`) },
  worker: { lease: 500 },
});
await platform.open();
let count = 0;
process.on('SIGUSR2', () => {
  const steps = [
    { id: 'a', handler: 'test.who' },
    { id: 'b', handler: 'core.set', dependencies: ['a'], config: { value: '${steps.a.output}' } },
  ];
  const id = `${name}-${++count}`;
  void platform.start({ name: 'who', steps, output: '${steps.b.output}' }, {}, { id });
});
say('open');
