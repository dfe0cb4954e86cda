import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from './lib/paths.mjs';
import { capture } from './lib/run.mjs';
import { blocks, promised } from './release/examples.mjs';

const read = (/** @type {string} */ file) => readFileSync(join(root, file), 'utf8');
const work = mkdtempSync(join(tmpdir(), 'vwmp-docs-'));
// Inside of a package that has all the others, so that the examples find them under their own names.
const inside = mkdtempSync(join(root, 'packages/cli/.readme-'));
afterAll(() => {
  for (const folder of [work, inside]) rmSync(folder, { recursive: true, force: true });
});

test('the programs of docs/embed.md print what they promise', async () => {
  const examples = blocks(read('docs/embed.md'), 'ts');
  expect(examples.length).toBe(2);
  for (const [index, example] of examples.entries()) {
    writeFileSync(join(inside, `example-${index}.ts`), example);
    const { code, output } = await capture('node', [`example-${index}.ts`], inside);
    expect({ code, output: output.trim().split('\n') }).toEqual({ code: 0, output: promised(example) });
  }
});

describe('the commands of a page work, one after the other, in a new project', () => {
  const bin = join(work, 'bin');
  beforeAll(() => {
    mkdirSync(bin);
    const vwmp = `exec "${process.execPath}" "${join(root, 'packages/cli/bin/vwmp.js')}" "$@"`;
    for (const [name, script] of Object.entries({ vwmp, npx: 'exec "$@"' })) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    }
  });

  test.each(['modes', 'upgrade', 'bundle'])('docs/%s.md', async (page) => {
    const env = { PATH: `${bin}${delimiter}${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
    const commands = blocks(read(`docs/${page}.md`), 'sh');
    expect(commands.length).toBeGreaterThan(0);
    const begin = `vwmp init ${page}\ncd ${page}\ngit init -q\nvwmp start workflows/hello.yaml\n`;
    const { code, output } = await capture('bash', ['-ec', begin + commands.join('\n')], work, env);
    expect({ code, output }).toMatchObject({ code: 0 });
  });
});

test('every page is in the index', () => {
  const index = read('docs/README.md');
  for (const file of readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })) {
    const page = file.replaceAll('\\', '/');
    if (!page.endsWith('.md') || page === 'README.md' || /^decisions\/(?!README)/.test(page)) continue;
    expect(index).toContain(`](${page})`);
  }
});

test('the README of the durability tests names each of them', () => {
  const named = [...read('apps/durability/README.md').matchAll(/`([\w-]+\.test\.ts)`/g)];
  const files = readdirSync(join(root, 'apps/durability/src')).filter((file) => file.endsWith('.test.ts'));
  expect(named.map(([, name]) => name).sort()).toEqual(files.sort());
});

test('figures of decisions are those of the report', () => {
  const report = read('apps/bench/reports/decisions.md').replaceAll(',', '');
  const measured = new Set(
    [...report.matchAll(/ ([\d.]+) (ms|µs|MiB)\b/g)].map(([, value, unit]) => `${value} ${unit}`),
  );
  let figures = 0;
  for (const file of readdirSync(join(root, 'docs/decisions'))) {
    for (const [, value = '', unit] of read(`docs/decisions/${file}`).matchAll(
      /\| ([\d.]+) (ms|µs|MiB)(?= \|)/g,
    )) {
      const micro = [...measured].find(
        (each) => each.endsWith('µs') && (parseFloat(each) / 1000).toFixed(2) === value,
      );
      expect(
        unit === 'ms' && micro ? `${value} ms` : [...measured].find((each) => each === `${value} ${unit}`),
      ).toBe(`${value} ${unit}`);
      figures++;
    }
  }
  expect(figures).toBeGreaterThan(40);
});

test('a figure that stands beside a report, or the command that makes it, is one of that report', () => {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = ['README.md', ...docs.map((file) => `docs/${file.replaceAll('\\', '/')}`)];
  /** @type {string[]} */
  const wrong = [];
  let figures = 0;
  for (const page of pages.filter((file) => file.endsWith('.md'))) {
    for (const sentence of sentencesOf(read(page))) {
      const named = sentence.matchAll(/\/reports\/(\w+)\.md|`npm run bench -- (\w+)/g);
      const reports = [...named]
        .map(([, report, area]) => `apps/bench/reports/${report ?? area}.md`)
        .filter((file) => existsSync(join(root, file)))
        .map((file) => read(file).replaceAll(',', ''));
      if (reports.length === 0) continue;
      for (const [, value = '', unit = ''] of sentence.matchAll(
        /(?<!about )\b(\d[\d.,]*) ?(MiB|ms|µs|\/s)/g,
      )) {
        figures++;
        const plain = value.replaceAll(',', '');
        const digits = plain.split('.')[1]?.length ?? 0;
        const measured = new RegExp(`(\\d[\\d.]*) ?(?:${unit}\\b|\\w*${unit})`, 'g');
        const found = reports.some((report) =>
          [...report.matchAll(measured)].some(([, one]) => Number(one).toFixed(digits) === plain),
        );
        if (!found) wrong.push(`${page}: ${value} ${unit}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(figures).toBeGreaterThan(20);
});

test('the model of docs/scaling.md goes on from what was measured', () => {
  const page = read('docs/scaling.md');
  const [, measured = ''] =
    /PostgreSQL and Redis, 64 at a time: (\d+) µs of CPU/.exec(read('apps/bench/reports/durable.md')) ?? [];
  expect(page).toContain(`*c* is the measured ${measured} µs of full mode at 64 at a time`);
  const c = Number(measured) / 1000;
  const rate = (/** @type {number} */ workers, /** @type {number} */ h) => (workers / (c + h)) * 1000;
  const thousands = (/** @type {number} */ workers) =>
    `min(${(Math.round(rate(workers, 0) / 1000) * 1000).toLocaleString('en')}, D)`;
  expect(page).toContain(`| 0 (c = ${c.toFixed(2)} ms) | ${thousands(4)} | ${thousands(16)} |`);
  for (const h of [10, 100]) {
    const [four, sixteen] = [4, 16].map((workers) => Math.round(rate(workers, h)).toLocaleString('en'));
    expect(page).toContain(`| ${h} ms of CPU | ${four} | ${sixteen} |`);
  }
});

test('links between pages lead to what is there', async () => {
  const { output } = await capture('git', ['ls-files', '-co', '--exclude-standard', '*.md']);
  const pages = output
    .trim()
    .split('\n')
    .filter((file) => !/\/(corpus|fixtures|testing)\//.test(file) && textOf(file) !== undefined);
  /** @type {string[]} */
  const broken = [];
  for (const page of pages) {
    for (const target of linksOf(read(page))) {
      // What a registry shows has no other pages beside it, so those of packages are linked by their address.
      const [, own] = /^https:\/\/github\.com\/vwmp\/vwmp\/(?:blob|tree)\/main\/(.*)$/.exec(target) ?? [];
      if (own === undefined && /^[a-z]+:/.test(target)) continue;
      const [path = '', anchor] = (own ?? target).split('#');
      const folder = own === undefined ? dirname(page) : '.';
      const file = path === '' ? page : relative(root, join(root, folder, decodeURIComponent(path)));
      const found = textOf(file);
      if (found === undefined) broken.push(`${page}: ${target}`);
      else if (anchor && file.endsWith('.md') && !anchorsOf(found).has(anchor))
        broken.push(`${page}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

/** Sentences, and rows of tables as a whole. @param {string} page */
function sentencesOf(page) {
  return page
    .split(/\n\n|\n(?=\||- )/)
    .flatMap((part) => (part.startsWith('|') ? [part] : part.split(/\.\s+(?=[A-Z])/)));
}

/** @param {string} page */
function linksOf(page) {
  const text = page.replace(/^(`{3,}).*?^\1/gms, '').replace(/`[^`\n]*`/g, '');
  const found = [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|(?:href|src)="([^"]+)"/g)];
  return found.map(([, link, html]) => link ?? html ?? '');
}

/** @param {string} file @returns {string | undefined} empty for a folder */
function textOf(file) {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EISDIR' ? '' : undefined;
  }
}

/** As GitHub makes them. @param {string} page */
function anchorsOf(page) {
  const seen = new Map();
  return new Set(
    [...page.replace(/^(`{3,}).*?^\1/gms, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) => {
      const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
      const slug = plain
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-');
      const count = seen.get(slug) ?? 0;
      seen.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
}
