import { beside, type Figure } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { mebibyte, Probe, type ProbeReport } from '../core/probe.ts';

const packages = {
  plugins: '@vwmp/plugins',
  wasm: '@vwmp/plugin-wasm',
  'doc-healing': '@vwmp/plugin-doc-healing',
};

/**
 * What plugins cost a program that has the core, before any of them is used. The budgets are about CPU time: the import is over so soon
 * that the time it takes is mostly that of whatever else the machine does.
 */
export const pluginsScenario: Scenario = {
  name: 'plugins',
  title: 'import of plugins by a program that has the core',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    const probe = (name: string, ...imports: string[]) =>
      new Probe(
        core.folder,
        name,
        `import '@vwmp/core';`,
        imports.map((each) => `await import('${each}');`).join('\n'),
      ).run;
    const { none, all, ...each } = await interleave(choose(15, 5), {
      none: probe('plugins-none'),
      all: probe('plugins-all-', ...Object.values(packages)),
      ...Object.fromEntries(
        Object.entries(packages).map(([name, path]) => [name, probe(`plugins-${name}`, path)]),
      ),
    } as Record<string, () => Promise<ProbeReport & { milliseconds: number }>>);
    const rows = { all: all!, ...each };
    return Object.entries(rows).flatMap(([name, samples]) => {
      const what = name === 'all' ? 'all three packages' : packages[name as keyof typeof packages];
      const figure = (id: string, key: 'body' | 'cpu' | 'rss', per: number): Figure =>
        beside(
          {
            id: `plugins.${id}.${name}`,
            what: `${what}: ${{ body: 'time', cpu: 'CPU time of the process', rss: 'resident memory' }[key]}`,
            unit: key === 'rss' ? 'MiB' : 'ms',
            by: 'difference',
          },
          samples.map((sample) => sample[key] / per),
          { what: 'the core alone', values: none!.map((sample) => sample[key] / per) },
        );
      return [figure('time', 'body', 1), figure('cpu', 'cpu', 1), figure('rss', 'rss', mebibyte)];
    });
  },
};
