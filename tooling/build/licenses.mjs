import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The notices to ship with a bundle: every third-party package that left code in it, with its licence text. Those whose terms are the same,
 * word for word, have them once.
 *
 * @param {{ modules: Record<string, { renderedLength: number }> }[]} chunks
 * @returns {string} empty when nothing was bundled
 */
export function licenseNotices(chunks) {
  const roots = new Set();
  for (const chunk of chunks) {
    for (const [id, { renderedLength }] of Object.entries(chunk.modules)) {
      if (renderedLength > 0 && id.includes('/node_modules/')) roots.add(packageRoot(id.replace(/^\0/, '')));
    }
  }
  /** @type {Map<string, { heads: string[], terms: string }>} */
  const groups = new Map();
  for (const { head, terms } of [...roots].map(notice).sort((a, b) => (a.head < b.head ? -1 : 1))) {
    const key = terms.replaceAll(/\s+/g, ' ');
    const group = groups.get(key) ?? { heads: [], terms };
    group.heads.push(head);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ heads, terms }) => `${[...heads, terms].filter(Boolean).join('\n\n')}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** @param {string} file */
function packageRoot(file) {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    // Some packages put a nameless package.json in dist/ to set the module type.
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version) return folder;
  }
  throw new Error(`No package.json above the bundled module ${file}`);
}

/**
 * What a package says of itself, its licence up to whose it is, and the terms.
 *
 * @param {string} root
 */
function notice(root) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = readdirSync(root).find((entry) => /^(licen[sc]e|copying)/i.test(entry));
  if (!file && !license) throw new Error(`${name} is bundled, but states no licence`);
  const by = typeof author === 'object' ? author.name : author;
  const text = file ? readFileSync(join(root, file), 'utf8').trim() : by ? `By ${by}.` : '';
  const begin = text.search(/^Permission /m);
  const whose = begin < 0 ? text : text.slice(0, begin).trim();
  const terms = begin < 0 ? '' : text.slice(begin);
  return { head: `${name} ${version} (${license})\n\n${whose}`.trim(), terms };
}
