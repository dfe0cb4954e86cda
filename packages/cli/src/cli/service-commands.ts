import type { FoundCommand } from './command.ts';
import { serveSpec } from './specs/serve.ts';
import { workerSpec } from './specs/worker.ts';

/** The commands that go on until they are stopped: they would hold what describes all others as long. */
export const serviceCommands: Readonly<Record<'serve' | 'worker', Pick<FoundCommand, 'spec' | 'load'>>> = {
  serve: { spec: serveSpec, load: () => import('../commands/serve.ts') },
  worker: { spec: workerSpec, load: () => import('../commands/worker.ts') },
};
