import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Source } from '../handlers/configs.ts';
import { withProject } from '../handlers/open-source.ts';
import { healProject } from '../heal/heal-project.ts';
import { createContext } from '../testing/context.ts';
import { git, makeRepository, writeFiles } from '../testing/folder.ts';
import { startGitHub } from '../testing/github-server.ts';

const wrong = '```json\n{"a": 1,}\n```\n';

it.each(['folder', 'revision', 'github'])(
  'of a %s: what is in other repositories is not missing, and what links lead to is healed once',
  async (kind) => {
    const { folder, commits } = makeRepository({
      'README.md':
        '[a](vendor/kit), [b](vendor/kit/docs/#x), [c](vendor/kite/x.md), [d](docs/index.md#there)\n',
      'docs/guide.md': `# Guide\n\n[kit](../vendor/kit/README.md)\n\n${wrong}`,
    });
    mkdirSync(join(folder, 'vendor/kit'), { recursive: true });
    git(folder, 'update-index', '--add', '--cacheinfo', `160000,${commits[0]},vendor/kit`);
    symlinkSync('guide.md', join(folder, 'docs/index.md'));
    git(folder, 'add', 'docs');
    git(folder, '-c', 'user.name=A', '-c', 'user.email=a@b.test', 'commit', '-q', '-m', 'links');
    const revision = git(folder, 'rev-parse', 'HEAD').trim();
    const sources: Record<string, Source> = {
      folder: { folder: '.' },
      revision: { folder: '.', revision },
      github: { github: 'demo/kit', revision, api: (await startGitHub(folder)).url },
    };
    const healing = await withProject(createContext(undefined as never, folder), sources[kind]!, (project) =>
      healProject(project, { minConfidence: 0.6 }),
    );
    expect(healing.left.map(({ file, subject }) => [file, subject])).toEqual([
      ['README.md', 'vendor/kite/x.md'],
    ]);
    expect(healing.files).toEqual(['docs/guide.md']);
    writeFiles(folder, { 'healing.patch': healing.patch });
    execFileSync('git', ['apply', 'healing.patch'], { cwd: folder });
    expect(git(folder, 'diff', '--name-only').trim()).toBe('docs/guide.md');
  },
);
