import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { folder, vwmp } from '../testing/vwmp.ts';
import { install, shell } from './testing/plugin-project.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/plugins.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({
  language,
  text,
}));

test('docs/plugins.md: what it shows builds, passes its tests and runs', { timeout: 300_000 }, async () => {
  const [begin, ...commands] = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
  const files = blocks.filter(({ language }) => language !== 'sh');
  const first = /^npx @vwmp\/cli (.*)\ncd (\S+)\nnpm install\nnpm test\nnpm start\n$/.exec(begin ?? '');
  expect(first).not.toBeNull();
  const cwd = folder();
  expect(await vwmp(first![1]!.split(' '), { cwd })).toMatchObject({ code: 0 });
  const project = join(cwd, first![2]!);
  install(project);

  expect(files.length).toBeGreaterThan(4);
  for (const { text } of files) {
    const name = /^(?:\/\/|#) (\S+\.\w+)\n/.exec(text)?.[1];
    expect(name, text.slice(0, 60)).toBeDefined();
    mkdirSync(dirname(join(project, name!)), { recursive: true });
    writeFileSync(join(project, name!), text);
  }
  // The test of the handler that the plugin began with.
  const tested = await shell(project, 'rm src/plugin.test.ts src/greet.ts && npm test');
  expect(tested, `${tested.stdout}${tested.stderr}`).toMatchObject({ code: 0 });
  expect(tested.stdout).toMatch(/pass 4\n[\s\S]*fail 0\n/);

  expect(commands.length).toBeGreaterThan(1);
  // The workflow that it began with needs the handler that is gone.
  await shell(project, 'rm workflows/welcome.yaml');
  for (const lines of commands) {
    const outcome = await shell(project, `set -e\n${lines}`);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  }
  const template = await shell(
    project,
    'npx vwmp types order --template Order > order.yaml && npx vwmp validate order.yaml',
  );
  expect(template, template.stderr).toMatchObject({ code: 0 });
});
