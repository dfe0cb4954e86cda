import type { Scenario } from '../../scenario.ts';
import { measureCandidates } from './candidate.ts';

/** The engine itself, from its packed package: imported and one execution of three steps. */
const engine = (url: string): string => `const { WorkflowEngine } = await import(${JSON.stringify(url)});
const engine = new WorkflowEngine();
const workflow = await engine.load({ name: 'Three', steps: ['a', 'b', 'c'].map((id, i, ids) => (
  { id, handler: 'core.set', config: { value: i }, dependencies: ids.slice(Math.max(0, i - 1), i) })) });
const execute = async () => { if ((await engine.executeWorkflow(workflow)).status !== 'success') throw new Error('failed'); };
await execute();`;

export const runtimesScenario: Scenario = {
  name: 'runtime',
  title: 'runtimes: the engine imported and three steps executed; executed again',
  about: 'That the core runs elsewhere, and what it takes there.',
  measure: (bench) => {
    const ready = engine(bench.core.url);
    const work = 'execute()';
    return measureCandidates(
      bench,
      'runtime',
      [
        { name: 'node', packages: ['node@24'], command: 'node', ready, work },
        { name: 'bun', packages: ['bun@1'], command: 'bun', ready, work },
        { name: 'deno', packages: ['deno@2'], command: 'deno', args: ['run', '-A'], ready, work },
      ],
      { what: 'one execution of three steps', unit: 'µs', times: bench.choose(5000, 1000) },
    );
  },
};
