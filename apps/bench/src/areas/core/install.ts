import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, plain } from '../../figure.ts';
import type { Bench, Scenario } from '../../scenario.ts';
import { mebibyte } from './probe.ts';

/** What `npm install` puts on a user's disk. Not a matter of time, so it is measured once. */
export const installScenario: Scenario = {
  name: 'install',
  title: 'npm install of the packed core in a fresh folder',
  async measure({ core }: Bench): Promise<Figure[]> {
    const root = join(core.folder, 'node_modules');
    const entries = readdirSync(root, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const all = [root, ...entries.map((entry) => join(entry.parentPath, entry.name))].map((path) =>
      statSync(path),
    );
    const manifests = files.filter((file) => /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file));
    const native = files.filter((file) => file.endsWith('.node') || file.endsWith('binding.gyp'));
    const scripted = manifests.filter(hasInstallScript);
    if (manifests.length === 0) throw new Error(`npm has installed nothing in ${root}.`);
    const typed = files.some((file) => file.endsWith('index.d.ts'));
    const apparent = files.reduce((sum, file) => sum + statSync(file).size, 0);
    const allocated = all.reduce((sum, { blocks }) => sum + blocks * 512, 0);
    const note = typed ? undefined : 'the build had no type declarations: a complete one is larger';
    return [
      plain({ id: 'install.allocated', what: 'on disk, whole blocks and folders', unit: 'MiB', note }, [
        allocated / mebibyte,
      ]),
      plain({ id: 'install.apparent', what: 'bytes of all files', unit: 'MiB', note }, [apparent / mebibyte]),
      plain({ id: 'install.tarball', what: 'to download', unit: 'MiB', note }, [core.tarball / mebibyte]),
      plain({ id: 'install.packages', what: 'packages', unit: 'count' }, [manifests.length]),
      plain({ id: 'install.native', what: 'native files and install scripts', unit: 'count' }, [
        native.length + scripted.length,
      ]),
    ];
  },
};

function hasInstallScript(manifest: string): boolean {
  const { scripts = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { scripts?: Record<string, string> };
  return ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
}
