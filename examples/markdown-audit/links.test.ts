import { describe, expect, test } from 'vitest';
import { findings } from './testing.ts';

describe('files and images', () => {
  const there = { 'docs/b c.md': '# B', 'src/a.ts': '', 'logo.svg': '' };

  test('finds what is there, however it is written', async () => {
    const text = [
      '[one](docs/b%20c.md) [two](<docs/b c.md>) [three](./src/) [four](src/a.ts#L1-L3) [five](/logo.svg)',
      '![logo](logo.svg "Title") <img src="logo.svg?raw=true"> [up](docs/../src/a.ts) [ref] [other][ref]',
      '',
      '[ref]: src/a.ts',
    ].join('\n');
    expect(await findings({ ...there, 'README.md': text })).toEqual([]);
  });

  test('reports what is not there, with its line', async () => {
    const text = [
      '[a](gone.md)',
      '![b](gone.png)',
      '',
      'text',
      '[c](../../gone.md) <a href="gone.html">d</a>',
    ].join('\n');
    expect(await findings({ ...there, 'README.md': text })).toEqual([
      'broken_file README.md:1',
      'broken_image README.md:2',
      'outside README.md:5',
      'broken_file README.md:5',
    ]);
  });

  test('counts from the file, and to the folder when a slash comes first', async () => {
    expect(
      await findings({ ...there, 'docs/d.md': '[x](src/a.ts) [y](../src/a.ts) [z](/src/a.ts)' }),
    ).toEqual(['broken_file docs/d.md:1']);
  });

  test('may lead out of the audited folder into the workspace', async () => {
    const files = { ...there, 'docs/d.md': '[x](../src/a.ts) [y](../src/gone.ts)' };
    expect(await findings(files, { folder: 'docs' })).toEqual(['broken_file d.md:1']);
  });

  test('leaves alone what only looks like a link', async () => {
    const text =
      '`[a](gone.md)` \\[b](gone.md)\n\n```md\n[c](gone.md)\n```\n\n[d](mailto:a@b.test) [e](tel:1) <!-- [f](gone.md) -->';
    expect(await findings({ 'README.md': text })).toEqual([]);
  });
});

describe('references', () => {
  test('reports a label that is defined nowhere, and a definition that leads nowhere', async () => {
    const text = '# R\n\nSee [the **guide**][guide] and\n[the code][].\n\n[the code]: gone.ts\n';
    expect(await findings({ 'README.md': text })).toEqual([
      'undefined_reference README.md:3',
      'broken_file README.md:4',
    ]);
  });

  test('knows an index, an escape, a footnote and a task from a reference', async () => {
    const text = 'matrix[0][1], \\[a\\]\\[b\\], `[c][d]`, said[^1]\n\n- [ ] task [x]\n\n[^1]: A note.\n';
    expect(await findings({ 'README.md': text })).toEqual([]);
  });
});

describe('anchors', () => {
  const text = [
    '# Über _uns_ & `core.set`!',
    '## Setup',
    '## Setup',
    '<a name="Old"></a><h2 id="given">Given <b>title</b></h2>',
  ];
  const files = { 'docs/README.md': text.join('\n\n') };

  test('follows the rules of GitHub: slugs, numbered duplicates, ids and names', async () => {
    const links = [
      'über-uns--coreset',
      'setup',
      'setup-1',
      'Old',
      'given',
      'given-title',
      'top',
      'user-content-given',
    ];
    const body = links.map((name) => `[x](docs/README.md#${encodeURIComponent(name)})`).join('\n');
    expect(
      await findings({
        ...files,
        'a.md': `${body}\n[folder](docs/#setup) [self](#) [line](src.ts#L1)`,
        'src.ts': '',
      }),
    ).toEqual([]);
  });

  test('reports a name that nothing has, in the same file and in another', async () => {
    expect(
      await findings({ ...files, 'a.md': '# A\n\n[x](docs/README.md#setup-2)\n[y](#b)\n[z](docs/#Setup)' }),
    ).toEqual(['broken_anchor a.md:3', 'broken_anchor a.md:4', 'broken_anchor a.md:5']);
  });
});

test('headings: skipped levels, a second h1, an empty one; front matter is none', async () => {
  const text = '---\ntitle: x\n---\n\n# A\n\n### B\n\n# C\n\n##\n\n# ![logo](logo.png)\n';
  expect(await findings({ 'a.md': text, 'logo.png': '' })).toEqual([
    'skipped_level a.md:7',
    'several_titles a.md:9',
    'empty_heading a.md:11',
    'several_titles a.md:13',
  ]);
});
