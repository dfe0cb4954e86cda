import type { Settings } from '@vwmp/core/settings';
import { UsageError } from '../cli/usage-error.ts';
import { fs, path } from '../node.ts';
import { findPackage, ownFolder, packagesOf } from '../platform/adapter-packages.ts';
import { findConfig } from '../project/config-file.ts';
import { findModules, moduleType } from './find-modules.ts';
import { type FoundPackage, findPackages, type Wanted } from './find-packages.ts';
import { type BundleManifest, manifestName } from './manifest.ts';
import { packageFiles } from './package-files.ts';
import { filesOf, type Placed, placeBelow } from './placed.ts';
import { replaceFolder } from './replace-folder.ts';
import { startScript } from './start-script.ts';
import { tryBundle } from './try-bundle.ts';

export interface BundleRequest {
  /** Absolute. */
  place: string;
  platform: string;
  /** Of this command. */
  version: string;
  settings: Settings;
  /** Valid; files absolute. */
  workflows: readonly { file: string; id: string }[];
  /** A config other than the one that holds for the workflows, absolute. */
  config?: string;
  designer: boolean;
  /** Packages besides. */
  add: readonly string[];
  /** Files and folders besides. */
  include: readonly string[];
}

/** A bundle that was made. */
export interface MadeBundle extends BundleManifest {
  /** Absolute. */
  folder: string;
  /** In bytes, of all its files. */
  size: number;
}

/** Packages whose files a bundle takes only in part, or not by depending on them. */
const passed = new Set(['@vwmp/designer', 'node-addon-api', '@vwmp/db-sqlite', '@vwmp/queue-memory']);

/** @throws UsageError, PACKAGE_MISSING, BUNDLE_INCOMPLETE */
export async function makeBundle(request: BundleRequest): Promise<MadeBundle> {
  const { place, platform, version, workflows } = request;
  const config = request.config ?? configOf(workflows.map(({ file }) => file));
  const modules = config === undefined ? undefined : findModules(config, await namedPlugins(config));
  const files = [...(modules?.files ?? []), ...included(request.include, place)];
  const projectFolder = config === undefined ? process.cwd() : path.dirname(config);
  const packages = findPackages(wantedPackages(request, projectFolder, modules?.packages ?? []), passed);
  const project = files.length > 0 ? placeBelow('project', [...new Set(files)]) : [];
  const documents = placeBelow(
    'workflows',
    workflows.map(({ file }) => file),
  );
  return replaceFolder(place, async (folder) => {
    const copied = packages.flatMap((each) => copyPackage(each, folder, platform));
    for (const each of [...documents, ...project]) copy(each.file, path.join(folder, each.place));
    const manifest: BundleManifest = {
      vwmp_bundle: 1,
      version,
      platform,
      native: copied.some((file) => file.endsWith('.node')),
      ...configPlace(config, project),
      workflows: documents.map(({ place: at }, i) => ({ id: workflows[i]!.id, file: at })),
      packages: Object.fromEntries(
        packages.map((each) => [each.place.slice('node_modules/'.length), each.version]),
      ),
    };
    checkDriver(packages, copied, platform);
    if (config !== undefined) keepType(config, path.join(folder, 'project'));
    writeJson(path.join(folder, 'package.json'), { private: true, type: 'module' });
    writeJson(path.join(folder, manifestName), manifest);
    fs.writeFileSync(path.join(folder, 'main.mjs'), startScript(manifest), { mode: 0o755 });
    await tryBundle(folder, manifest.config);
    return { ...manifest, folder: place, size: sizeOf(folder) };
  });
}

/** @throws UsageError when not the same one holds for all */
function configOf(files: readonly string[]): string | undefined {
  const configs = [...new Set(files.map((file) => findConfig(path.dirname(file))))];
  if (configs.length <= 1) return configs[0];
  const names = configs.map((each) => each ?? 'none').join(', ');
  throw new UsageError(
    `Different configs hold for these workflows (${names}), and a bundle has one: name it with --config, or make a bundle of each.`,
    'bundle',
  );
}

/** The plugins that a config names instead of importing them. */
async function namedPlugins(config: string): Promise<string[]> {
  const { pathToFileURL } = process.getBuiltinModule('node:url');
  // It was loaded when the workflows were checked.
  const { default: value } = (await import(pathToFileURL(config).href)) as {
    default?: { plugins?: readonly unknown[] };
  };
  return (value?.plugins ?? []).filter((each) => typeof each === 'string');
}

function included(given: readonly string[], place: string): string[] {
  return given.flatMap((each) => {
    const files = filesOf(each);
    if (files) return files.filter((file) => !file.startsWith(place + path.sep));
    throw new UsageError(`There is no "${each}" to include.`, 'bundle');
  });
}

function wantedPackages(
  { settings, designer, add }: BundleRequest,
  project: string,
  imported: readonly { name: string; folder: string }[],
): Wanted[] {
  const from = [project, ownFolder];
  return [
    { name: '@vwmp/cli', from: [ownFolder] },
    ...packagesOf(settings).map(({ name }) => ({ name, from })),
    ...(settings.database.driver === 'better-sqlite3' ? [sqliteDriver(from)] : []),
    ...add.map((name) => ({ name, from })),
    // What only stands in a comment is not installed; what is missing indeed is told by the bundle itself.
    ...imported.map(({ name, folder }) => ({ name, from: [folder, ownFolder], optional: true })),
    ...(designer ? [{ name: '@vwmp/designer', from: [ownFolder], only: 'dist/page' }] : []),
  ];
}

/** Nobody depends on it; where packages are kept apart, only what uses it sees it. */
function sqliteDriver(from: readonly string[]): Wanted {
  const users = from.map((folder) => findPackage('@vwmp/db-sqlite', folder)?.folder);
  return { name: 'better-sqlite3', from: [...users.filter((folder) => folder !== undefined), ...from] };
}

function copyPackage(found: FoundPackage, bundle: string, platform: string): string[] {
  const files = packageFiles(found.folder, found.manifest, platform);
  const { only } = found;
  const isTaken = (file: string): boolean =>
    only === undefined || !file.includes('/') || file.startsWith(only) || /THIRD_PARTY/.test(file);
  const taken = files.filter(isTaken);
  for (const file of taken) copy(path.join(found.folder, file), path.join(bundle, found.place, file));
  return taken;
}

function copy(from: string, to: string): void {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.copyFileSync(from, to);
}

function configPlace(config: string | undefined, project: readonly Placed[]): { config?: string } {
  const placed = project.find(({ file }) => file === config);
  return placed ? { config: placed.place } : {};
}

/** The program that SQLite needs may not be among those that its package brings. @throws UsageError */
function checkDriver(packages: readonly FoundPackage[], copied: readonly string[], platform: string): void {
  if (!packages.some(({ name }) => name === 'better-sqlite3')) return;
  if (copied.some((file) => /better_sqlite3\.node$|prebuilds\/.*\.node$/.test(file))) return;
  throw new UsageError(`The installed better-sqlite3 brings no binary for ${platform}.`, 'bundle');
}

/** `.js` is read as above the project, where nothing in it says how. */
function keepType(config: string, project: string): void {
  const file = path.join(project, 'package.json');
  if (!fs.existsSync(file)) writeJson(file, { private: true, type: moduleType(config) });
}

function writeJson(file: string, value: unknown): void {
  fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

function sizeOf(folder: string): number {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0);
}
