import { createServer } from 'node:http';
import { Parser } from 'htmlparser2';
import { expect, test } from 'vitest';
import { serve } from '../testing/serve.ts';
import { readDocument } from './plugin/read-document.ts';
import { audit, findings } from './testing.ts';

test('counts what is there and writes both reports', async () => {
  const { execution, totals, read, logs } = await audit({
    'README.md':
      '# A\n\n[b](b.md) <https://example.test>\n\n```ts\na\nb\n```\n\n```typescript\nc\n```\n\n    indented\n',
    'b.md': '# B\n\n[gone](gone.md)\n\n```\nx\n```\n',
  });
  expect(execution).toMatchObject({
    status: 'success',
    output: {
      files: 2,
      links: 3,
      code_blocks: 4,
      broken: 1,
      warnings: 0,
      report: 'reports/markdown-audit/report.md',
    },
  });
  expect(totals.languages).toEqual([
    { language: '(none)', blocks: 2, lines: 2, files: 2 },
    { language: 'typescript', blocks: 2, lines: 3, files: 1 },
  ]);
  expect(execution.steps.verdict).toMatchObject({ status: 'skipped', reason: 'condition' });
  expect(logs[0]).toContain('1 broken, 0 warnings. Reports: reports/markdown-audit/report.md');
  expect(await read('report.md')).toContain('| `b.md:3` | Link to a missing file |');
  expect(await read('report.svg')).toContain('1 broken link');
});

test('leaves out what Git would ignore, and what the parameter names', async () => {
  const bad = '[gone](gone.md)';
  const files = {
    '.gitignore': 'out/\n*.tmp.md\n!keep.tmp.md\n',
    'sub/.gitignore': '/local.md\n',
    'out/a.md': bad,
    'x.tmp.md': bad,
    'keep.tmp.md': '# kept',
    'sub/local.md': bad,
    'sub/deep/local.md': '# kept',
    'node_modules/p/README.md': bad,
    'dist/a.md': bad,
    'old/a.md': bad,
  };
  const { totals } = await audit(files, { ignore: ['old/'] });
  expect({ files: totals.files, problems: totals.problems }).toEqual({ files: 2, problems: [] });
});

test('reports stay whole whatever files are called and hold', async () => {
  const name = 'a`|<script>&"\u0007 $1.md';
  const { read } = await audit({ [name]: '[x](<go|ne`*.md>)\n\n```<b>&\nx\n```\n' });
  const names: string[] = [];
  const parser = new Parser({ onopentagname: (tag) => names.push(tag) }, { xmlMode: true });
  parser.end(await read('report.svg'));
  expect(new Set(names)).toEqual(new Set(['svg', 'title', 'desc', 'style', 'rect', 'text']));
  const report = readDocument(await read('report.md'), 'report.md');
  expect(report).toMatchObject({ problems: [], links: [{ url: 'report.svg' }] });
});

test('one file that cannot be read is a finding', async () => {
  const { totals, execution } = await audit({ 'a.md': new Uint8Array([0x23, 0xff, 0xfe]), 'b.md': '# B' });
  expect(execution.status).toBe('success');
  expect(totals.problems).toMatchObject([
    { kind: 'unreadable', file: 'a.md', message: 'It is not UTF-8 text.' },
  ]);
});

test('says that there is nothing rather than fail', async () => {
  const { execution, logs, read } = await audit({ 'a.txt': '' });
  expect(execution).toMatchObject({ status: 'success', output: { files: 0, broken: 0 } });
  expect(logs[0]).toBe('warn There is no Markdown below ".".');
  expect(await read('report.svg')).toContain('There are no code blocks.');
});

test('fails on broken links when it is asked to, after the reports', async () => {
  const { execution, read } = await audit({ 'a.md': '[x](gone.md)' }, { fail_on_broken: true });
  expect(execution.status).toBe('failed');
  expect(execution.steps.verdict?.error).toMatchObject({ code: 'BROKEN_LINKS' });
  expect(await read('report.md')).toContain('gone.md');
  expect((await audit({ 'a.md': '[a](a.md)' }, { fail_on_broken: true })).execution.status).toBe('success');
});

test('asks other hosts when it is asked to: each address once, 5xx again, HEAD refused with GET', async () => {
  const asked: string[] = [];
  const host = await serve(
    createServer(({ method, url }, response) => {
      asked.push(`${method} ${url}`);
      const times = asked.filter((each) => each === `${method} ${url}`).length;
      const status = {
        '/good': 200,
        '/gone': 404,
        '/busy': times < 2 ? 503 : 200,
        '/get': method === 'GET' ? 200 : 405,
      };
      response.writeHead(status[url as '/good'] ?? 500).end();
    }),
  );
  const text = `[a](${host}/good#x) [b](${host}/good) [c](${host}/gone) [d](${host}/busy) [e](${host}/get)`;
  expect(await findings({ 'a.md': text })).toEqual([]);
  expect(asked).toEqual([]);
  const { totals, execution } = await audit({ 'a.md': text }, { check_external: true });
  expect(totals.problems).toMatchObject([
    { kind: 'broken_external', message: `${host}/gone: it answers 404.` },
  ]);
  expect(execution.steps.probe?.attempts).toBe(2);
  expect(asked.filter((each) => each === 'HEAD /good')).toHaveLength(1);
  expect(asked).toContain('GET /get');
});

test('says what is wrong with its parameters', async () => {
  await expect(audit({}, { foldr: 'docs' })).rejects.toThrow('Did you mean "folder"?');
  await expect(audit({}, { check_external: 'yes' })).rejects.toMatchObject({ code: 'PARAMETERS_INVALID' });
  const missing = await audit({ 'a.md': '' }, { folder: 'docs' });
  expect(missing.execution.steps.find?.error).toMatchObject({ code: 'FOLDER_NOT_FOUND' });
  const outside = await audit({ 'a.md': '' }, { folder: '..' });
  expect(outside.execution.steps.find?.error?.code).toBe('PATH_OUTSIDE');
});

test('goes through thousands of files without large outputs', async () => {
  const count = 2000;
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `d${at % 40}/f${at}.md`,
      `# F${at}\n\n[next](../d${(at + 1) % 40}/f${at + 1}.md#f${at + 1})\n\n\`\`\`js\nx\n\`\`\`\n`,
    ]),
  );
  const { execution, totals } = await audit(files);
  // The last one leads nowhere: once as a file, and not a second time as an anchor.
  expect(totals).toMatchObject({ files: count, links: count, broken: 1, code_blocks: count });
  for (const step of Object.values(execution.steps)) {
    expect(JSON.stringify(step.output ?? null).length).toBeLessThan(count * 400);
  }
}, 60_000);
