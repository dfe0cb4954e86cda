import { settledMemory } from '../../measure/memory.ts';
import { expect, readTask, report } from '../program.ts';

export interface FlatOptions {
  /** `loaded`: one workflow, again and again. `new-documents`: another text with other expressions every time. */
  kind: 'loaded' | 'new-documents';
  warmUp: number;
  executions: number;
  samples: number;
}

/** Bytes after so many executions. */
export interface FlatReport {
  points: { executions: number; heap: number; rss: number }[];
}

const { core, options } = await readTask<FlatOptions>();
const { kind, warmUp, executions, samples } = options;

/** Everything that an execution can leave something of: outputs, a loop, a retry, a failure, a timer, a child. */
const document = (n: number): string => `
name: flat-${n}
parameters:
  - { name: n, type: integer }
steps:
  - id: one
    handler: core.set
    config: { value: "\${parameters.n + ${n}}" }
  - id: each
    handler: core.set
    dependencies: [one]
    foreach: "\${[1, 2, 3]}"
    config: { value: "\${item * steps.one.output}" }
  - id: retried
    handler: core.fail
    retry: { attempts: 2, delay: 1ms }
    config: { until_attempt: 2 }
  - id: fails
    handler: core.fail
    required: false
    config: { message: "for ${n}" }
  - id: child
    handler: core.workflow
    config: { workflow: child }
`;

const engine = new core.WorkflowEngine();
await engine.add({ name: 'child', steps: [{ id: 'x', handler: 'core.set', config: { value: 'child' } }] });
const same = await engine.load(document(0));

async function execute(i: number): Promise<void> {
  const n = kind === 'loaded' ? 0 : i + 1;
  const execution = await engine.executeWorkflow(kind === 'loaded' ? same : document(n), { n: 1 });
  const { one, each, retried, fails, child } = execution.steps;
  const seen = [execution.status, one?.output, each?.output, retried?.status, fails?.status, child?.status];
  expect(
    seen,
    ['partial', n + 1, [1, 2, 3].map((x) => x * (n + 1)), 'success', 'failed', 'success'],
    'execution',
  );
}

/** Some at a time, since each waits for its timer. */
async function executeMany(from: number, count: number): Promise<void> {
  for (let i = 0; i < count; i += 50) {
    await Promise.all(Array.from({ length: Math.min(50, count - i) }, (_, j) => execute(from + i + j)));
  }
}

await executeMany(0, warmUp);
const points: FlatReport['points'] = [];
const share = Math.round(executions / samples);
for (let i = 0; i <= samples; i++) {
  if (i > 0) await executeMany(warmUp + (i - 1) * share, share);
  const { heap, rss } = await settledMemory();
  points.push({ executions: i * share, heap, rss });
}
await engine.close();
report({ points } satisfies FlatReport);
