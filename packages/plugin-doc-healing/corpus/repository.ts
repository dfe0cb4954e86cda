import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A repository of the corpus: its name and its text files by path. */
export interface Repository {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

const maxFile = 300_000;
const maxFiles = 900;
const maxPackage = 6_000_000;

/** The project itself, and the packages that are installed for it and have a README with code in it. @param only - these packages alone */
export function readCorpus(root: string, only?: ReadonlySet<string>): Repository[] {
  return [...(only ? [] : [readOwn(root)]), ...readPackages(root, only)];
}

function readOwn(root: string): Repository {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const files = new Map<string, string>();
  for (const path of listed.split('\0')) {
    // Where the corpus is measured is no part of it.
    if (path === '' || path.startsWith('packages/plugin-doc-healing/corpus/') || path === 'pnpm-lock.yaml')
      continue;
    if (existsSync(join(root, path))) add(files, path, join(root, path));
  }
  return { name: 'this project', files };
}

function readPackages(root: string, only?: ReadonlySet<string>): Repository[] {
  const store = join(root, 'node_modules', '.pnpm');
  const found = new Map<string, { folder: string; version: string }>();
  for (const entry of readdirSync(store)) {
    const modules = join(store, entry, 'node_modules');
    if (!existsSync(modules)) continue;
    for (const name of packagesIn(modules)) {
      if (only && !only.has(name)) continue;
      const folder = join(modules, name);
      if (lstatSync(folder).isSymbolicLink() || !existsSync(join(folder, 'README.md'))) continue;
      const { version = '0' } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        version?: string;
      };
      const known = found.get(name);
      if (!known || version.localeCompare(known.version, 'en', { numeric: true }) > 0)
        found.set(name, { folder: realpathSync(folder), version });
    }
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { folder }]) => ({ name, files: readFolder(folder) }))
    .filter(({ files }) => /^(```|~~~)\w/m.test(files.get('README.md') ?? ''))
    .map(complete);
}

function packagesIn(modules: string): string[] {
  return readdirSync(modules).flatMap((name) => {
    if (name.startsWith('.')) return [];
    return name.startsWith('@') ? readdirSync(join(modules, name)).map((each) => `${name}/${each}`) : [name];
  });
}

function readFolder(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  let size = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const absolute = join(entry.parentPath, entry.name);
    const path = absolute.slice(folder.length + 1);
    if (!entry.isFile() || path.includes('node_modules/')) continue;
    if (
      !/\.(?:md|json|[cm]?[jt]s|[jt]sx|png|svg|gif|jpe?g)$/.test(path) &&
      !/(?:^|\/)(?:bin\/|LICENSE)/.test(path)
    )
      continue;
    if (files.size >= maxFiles || size > maxPackage) break;
    add(files, path, absolute);
    size += files.get(path)?.length ?? 0;
  }
  return files;
}

function add(files: Map<string, string>, path: string, absolute: string): void {
  const stats = lstatSync(absolute);
  if (!stats.isFile()) return;
  if (/\.(?:png|gif|jpe?g|ico|woff2?|wasm|node|zip|gz)$/.test(path) || stats.size > maxFile)
    files.set(path, `content of ${path}`);
  else files.set(path, readFileSync(absolute, 'utf8'));
}

/**
 * A package is published without much that its README leads to, and that is there in its repository: tests, examples, pictures. Such
 * files are made up, with the anchors that are linked to, else each of those links would be wrong.
 */
function complete({ name, files }: Repository): Repository {
  const all = new Map(files);
  for (const [path, text] of files) {
    if (!path.endsWith('.md')) continue;
    for (const match of text.matchAll(/(?:\]\(\s*<?|^\[[^\]\n]+\]:\s*<?|(?:href|src)=["'])([^)\s"'>]+)/gm)) {
      const [address = '', anchor] = match[1]!.split('#');
      if (/^[a-z][a-z+.-]*:|^\/\//i.test(address) || address === '') continue;
      const target = normal(
        address.startsWith('/') ? address : join(dirname(path), decodeURI(address.split('?')[0]!)),
      );
      if (
        target === '' ||
        target.startsWith('..') ||
        [...all.keys()].some((each) => each.startsWith(`${target}/`))
      )
        continue;
      const before = all.get(target) ?? (files.has(target) ? '' : `content of ${target}\n`);
      if (files.has(target) && !anchor) continue;
      if (files.has(target) || !anchor || !target.endsWith('.md')) all.set(target, before);
      else all.set(target, `${before}\n<a id="${anchor}"></a>\n`);
    }
  }
  return { name, files: all };
}

function normal(path: string): string {
  return path
    .replace(/^[./]*\//, (start) => (start.includes('..') ? start : ''))
    .replace(/\/$/, '')
    .replace(/^\.$/, '');
}
