import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { composeFiles } from '../src/compose.ts';
import { repository, textOf } from '../src/files.ts';

const pages = ['docs/deploy.md', 'docs/operate.md', 'deploy/README.md'];
const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const guide = read('docs/deploy.md');
const blocks = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) => text!);

test.each(pages)('the links of %s lead somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
  expect(links).not.toEqual([]);
  for (const link of links) {
    if (/^https?:/.test(link)) continue;
    const [path = '', anchor] = link.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    expect({ link, there: existsSync(join(repository, file)) }).toMatchObject({ there: true });
    if (anchor === undefined) continue;
    const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, text]) =>
      text!.toLowerCase().replaceAll(' ', '-'),
    );
    expect(headings).toContain(anchor);
  }
});

test('commands name files and units that there are', () => {
  const texts = [
    guide,
    ...composeFiles.map(textOf),
    textOf('docker/Dockerfile'),
    textOf('kubernetes/kustomization.yaml'),
  ];
  const named = texts.flatMap((text) => text.match(/\bdeploy\/[\w./*@-]*[\w*]/g) ?? []);
  expect(named.length).toBeGreaterThan(10);
  // What whoever deploys writes themselves, and globs.
  const paths = named.filter((path) => !/vwmp-key$|\.env$|\*/.test(path));
  expect(paths.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
});

test('commands are such as a shell reads', () => {
  expect(blocks.length).toBeGreaterThan(3);
  for (const block of blocks)
    expect(spawnSync('bash', ['-n'], { input: block, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
});

test('the rules for the Prometheus Operator are made as the guide says', () => {
  const block = blocks.find((text) => text.includes('PrometheusRule'))!;
  const script = block.replaceAll('kubectl -n vwmp apply -f -', '{ cat; echo ---; }');
  const { status, stdout } = spawnSync('bash', ['-c', script], { cwd: repository, encoding: 'utf8' });
  expect(status).toBe(0);
  const made = parseAllDocuments(stdout)
    .map((document) => document.toJS() as { spec: { groups: { rules: unknown[] }[] } } | null)
    .filter((each) => each !== null);
  expect(made).toHaveLength(2);
  for (const rule of made) {
    new PrometheusRule(rule as never).validate();
    expect(rule.spec.groups[0]!.rules.length).toBeGreaterThan(5);
  }
});
