// VWMP inside of a program: node examples/embed/main.ts
import { defineHandler, definePlugin, WorkflowEngine } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';

// A handler is a function with a schema. The schema checks the config before the function is called, and gives
// `config` its type.
const resize = defineHandler({
  description: 'Makes a picture smaller (here it only takes its time).',
  config: Type.Object({ picture: Type.String(), width: Type.Integer({ minimum: 16 }) }),
  async execute({ config, signal, progress }) {
    for (let part = 1; part <= 3; part++) {
      progress({ total: 3, completed: part });
      await pause(20, signal);
    }
    return { picture: config.picture, width: config.width };
  },
});

// In memory, without a server and without a file. As many engines as you like can live in one process.
const engine = new WorkflowEngine({ plugins: [definePlugin({ name: 'pictures', handlers: { resize } })] });

// Read and checked once, executed any number of times. A YAML text would do as well.
const thumbnails = await engine.load({
  name: 'Thumbnails',
  parameters: [
    { name: 'pictures', type: 'array' },
    { name: 'width', type: 'integer', default: 320 },
  ],
  steps: [
    {
      id: 'resize',
      handler: 'pictures.resize',
      foreach: '${parameters.pictures}',
      concurrency: 4,
      timeout: '5s',
      config: { picture: '${item}', width: '${parameters.width}' },
    },
  ],
  output: { done: '${steps.resize.output.map(each, each.picture)}' },
});

// Watches everything that the engine does; `detach` is what `attach` returns.
const detach = engine.attach({
  onWorkflowStarted: ({ workflow_id }) => console.log(`${workflow_id} has started`),
  onItemCompleted: ({ step_id, index }) => console.log(`  ${step_id} ${index} is done`),
  onWorkflowCompleted: ({ status }) => console.log(`  it ended as ${status}`),
});

// 1. To the end. What went wrong is part of the result; only a wrong workflow or wrong parameters throw.
const execution = await engine.executeWorkflow(thumbnails, { pictures: ['cat.png', 'dog.png'] });
console.log(execution.output);

// 2. Cancelled half-way, by the same AbortSignal that the rest of a program uses.
const abort = new AbortController();
setTimeout(() => abort.abort(), 30);
const pictures = ['one.png', 'two.png'];
const cancelled = await engine.executeWorkflow(thumbnails, { pictures }, { signal: abort.signal });
console.log(cancelled.error?.code);

// 3. Wrong parameters: every problem at once, each with a code.
try {
  await engine.executeWorkflow(thumbnails, { picture: 'cat.png', width: 'wide' });
} catch (error) {
  const { code, details } = error as { code: string; details: { message: string }[] };
  console.log(
    code,
    details.map(({ message }) => message),
  );
}

detach();
await engine.close();

/** Ends early when the signal is aborted, as every wait of a handler should. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
    function done(): void {
      signal.removeEventListener('abort', stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(timer);
      reject(signal.reason as Error);
    }
  });
}
