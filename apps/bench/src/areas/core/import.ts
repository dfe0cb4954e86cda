import { beside, type Figure } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { emptyPlace, mebibyte, Probe, type ProbeReport } from './probe.ts';

type Sample = ProbeReport & { milliseconds: number };

const take = (samples: readonly Sample[], key: keyof Sample, per = 1): number[] =>
  samples.map((sample) => sample[key] / per);

/**
 * What a program pays for having the core, before it uses it. Besides bare Node there is a second yardstick, a package
 * with nothing in it: the first package that a program imports makes Node touch some 2.5 MiB of its own binary,
 * whatever is in the package. Programs that import anything at all have paid that already.
 */
export const importScenario: Scenario = {
  name: 'import',
  title: "import '@vwmp/core'",
  about: 'What a program pays for having the core before it uses it, in time and in memory.',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    const use = `if (typeof WorkflowEngine !== 'function') process.exit(1);`;
    const probes = {
      bare: new Probe(core.folder, 'bare', ''),
      empty: new Probe(emptyPlace(core), 'import-empty', `import 'empty';`),
      core: new Probe(core.folder, 'import-core', `import { WorkflowEngine } from '@vwmp/core';`, use),
      emptyLater: new Probe(emptyPlace(core), 'later-empty', '', `await import('empty');`),
      coreLater: new Probe(core.folder, 'later-core', '', `await import('@vwmp/core');`),
    };
    const rounds = choose(15, 5);
    const {
      bare,
      empty,
      core: loaded,
      emptyLater,
      coreLater,
    } = await interleave(rounds, {
      bare: probes.bare.run,
      empty: probes.empty.run,
      core: probes.core.run,
      emptyLater: probes.emptyLater.run,
      coreLater: probes.coreLater.run,
    });
    const bareNode = (key: keyof Sample, per?: number) => ({
      what: 'bare Node',
      values: take(bare, key, per),
    });
    const emptyPackage = (key: keyof Sample, per?: number) => ({
      what: 'import of an empty package',
      values: take(empty, key, per),
    });
    const by = 'difference';
    return [
      beside(
        { id: 'import.process', what: 'whole process', unit: 'ms', by },
        take(loaded, 'milliseconds'),
        bareNode('milliseconds'),
      ),
      beside(
        { id: 'import.cpu', what: 'CPU time of the process', unit: 'ms', by },
        take(loaded, 'cpu'),
        bareNode('cpu'),
      ),
      beside(
        {
          id: 'import.time',
          what: 'await import() within the process',
          unit: 'ms',
          by,
          judged: 'measured',
        },
        take(coreLater, 'body'),
        { what: 'of an empty package', values: take(emptyLater, 'body') },
      ),
      beside(
        { id: 'import.rss', what: 'resident memory', unit: 'MiB', by },
        take(loaded, 'rss', mebibyte),
        bareNode('rss', mebibyte),
      ),
      beside(
        { id: 'import.rss-over-empty', what: 'resident memory', unit: 'MiB', by },
        take(loaded, 'rss', mebibyte),
        emptyPackage('rss', mebibyte),
      ),
      beside(
        { id: 'import.dirty', what: 'memory of its own (private dirty)', unit: 'MiB', by },
        take(loaded, 'dirty', mebibyte),
        bareNode('dirty', mebibyte),
      ),
    ];
  },
};
