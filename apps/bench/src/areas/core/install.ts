import { join } from 'node:path';
import { type Figure, plain } from '../../figure.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { measureInstalled } from '../size/installed.ts';
import { mebibyte } from './probe.ts';

/** What `npm install` puts on a user's disk. Not a matter of time, so it is measured once. */
export const installScenario: Scenario = {
  name: 'install',
  title: 'npm install of the packed core in a fresh folder',
  about: 'What comes onto the disk of everybody who depends on the core.',
  async measure({ core }: Bench): Promise<Figure[]> {
    const { allocated, apparent, packages, native, typed } = measureInstalled(
      join(core.folder, 'node_modules'),
    );
    const note = typed ? undefined : 'the build had no type declarations: a complete one is larger';
    return [
      plain({ id: 'install.allocated', what: 'on disk, whole blocks and folders', unit: 'MiB', note }, [
        allocated / mebibyte,
      ]),
      plain({ id: 'install.apparent', what: 'bytes of all files', unit: 'MiB', note }, [apparent / mebibyte]),
      plain({ id: 'install.tarball', what: 'to download', unit: 'MiB', note }, [core.tarball / mebibyte]),
      plain({ id: 'install.packages', what: 'packages', unit: 'count' }, [packages]),
      plain({ id: 'install.native', what: 'native files and install scripts', unit: 'count' }, [native]),
    ];
  },
};
