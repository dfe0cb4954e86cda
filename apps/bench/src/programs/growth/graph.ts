import { settledMemory } from '../../measure/memory.ts';
import { openPlatform } from '../durable/platform.ts';
import { expect, readTask, report } from '../program.ts';

export interface GraphOptions {
  environment: Record<string, string>;
  steps: number;
  /** How long to go on, in milliseconds. */
  milliseconds: number;
}

export interface GraphReport {
  /** Milliseconds of CPU for each step. */
  cpu: number;
  /** Milliseconds for each step. */
  wall: number;
  /** Bytes of heap while it runs, at most, beyond what was there before. */
  heap: number;
}

const { options } = await readTask<GraphOptions>();
const { environment, steps, milliseconds } = options;
const platform = await openPlatform(environment, { logger: { log: () => undefined } });

/** Rows of ten that all read the row before: wide and deep at once. */
const width = 10;
const document = {
  id: 'graph',
  name: 'Graph',
  output: { last: `\${steps.s${steps - 1}.output}` },
  steps: Array.from({ length: steps }, (_, i) => {
    const row = Math.floor(i / width);
    const before = `s${(row - 1) * width + (i % width)}`;
    return {
      id: `s${i}`,
      handler: 'core.set',
      ...(row > 0 && { dependencies: [before] }),
      config: { value: row === 0 ? 1 : `\${steps.${before}.output + 1}` },
    };
  }),
};

async function execute(): Promise<void> {
  const { execution_id } = await platform.start(document);
  const { status, output } = await platform.wait(execution_id);
  expect([status, output], ['success', { last: Math.ceil(steps / width) }], 'execution');
}

await execute();
const { heap: before } = await settledMemory();
let most = before;
const look = setInterval(() => {
  most = Math.max(most, process.memoryUsage().heapUsed);
}, 20);
// Three at least, and some to warm up: of a large graph one takes a while.
for (let i = 0; i < Math.max(2, 2000 / steps); i++) await execute();
const cpuBefore = process.cpuUsage();
const begun = performance.now();
let done = 0;
while (done < 3 || performance.now() - begun < milliseconds) {
  await execute();
  done++;
}
const wall = performance.now() - begun;
const { user, system } = process.cpuUsage(cpuBefore);
clearInterval(look);
await platform.close();
report({
  cpu: (user + system) / 1000 / done / steps,
  wall: wall / done / steps,
  heap: most - before,
} satisfies GraphReport);
