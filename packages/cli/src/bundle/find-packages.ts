import { VwmpError } from '@vwmp/core';
import { fs, path } from '../node.ts';
import { findPackage } from '../platform/adapter-packages.ts';

/** A package that a bundle takes. */
export interface FoundPackage {
  name: string;
  version: string;
  /** Where it is installed. */
  folder: string;
  /** Its place in the bundle, with "/": `node_modules/x`, or below another package where there are two versions. */
  place: string;
  manifest: PackageManifest;
  /** The only folder of it that is used. */
  only?: string;
}

export interface PackageManifest {
  version?: string;
  files?: unknown;
  dependencies?: Readonly<Record<string, string>>;
  peerDependencies?: Readonly<Record<string, string>>;
  peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>>;
}

/** A package that is asked for. */
export interface Wanted {
  name: string;
  /** Folders that it is seen from, the first that has it wins. */
  from: readonly string[];
  /** The only folder of it that is used; what the rest needs is left out. */
  only?: string;
  /** Passed by when it is not installed. */
  optional?: boolean;
}

/**
 * Finds packages and all that they need, and gives each its place, as npm would install them: at the top, and below its
 * user where another version is there already.
 *
 * @param passed - names that nobody gets, though some depend on them
 * @throws PACKAGE_MISSING
 */
export function findPackages(wanted: readonly Wanted[], passed: ReadonlySet<string>): FoundPackage[] {
  const found = new Map<string, FoundPackage>();
  const open: (Wanted & { user?: FoundPackage })[] = [...wanted];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { name, from, user, optional, only } = next;
    // A name becomes a path in the bundle, and must not lead out of it.
    const isName = /^(@[\w.-]+\/)?\w[\w.-]*$/.test(name);
    const installed = (isName ? from : [])
      .map((each) => findPackage(name, each))
      .find((each) => each !== undefined);
    if (!installed) {
      if (optional) continue;
      throw missing(name, from, user?.name);
    }
    const place = placeFor(name, installed.folder, user?.place, found);
    if (place === undefined) continue;
    const manifest = readManifest(installed.folder);
    const one: FoundPackage = { name, ...installed, place, manifest, ...(only !== undefined && { only }) };
    found.set(place, one);
    if (only !== undefined) continue;
    for (const needed of needs(manifest)) {
      if (!passed.has(needed.name)) open.push({ ...needed, from: [installed.folder, ...from], user: one });
    }
  }
  return [...found.values()];
}

/** @returns undefined when its user finds this very package already */
function placeFor(
  name: string,
  folder: string,
  user: string | undefined,
  found: ReadonlyMap<string, FoundPackage>,
): string | undefined {
  for (let at = user; at !== undefined; at = at.includes('/node_modules/') ? parent(at) : undefined) {
    const there = found.get(`${at}/node_modules/${name}`);
    if (there) return there.folder === folder ? undefined : `${user}/node_modules/${name}`;
  }
  const top = found.get(`node_modules/${name}`);
  if (!top) return `node_modules/${name}`;
  return top.folder === folder || user === undefined ? undefined : `${user}/node_modules/${name}`;
}

function parent(place: string): string {
  return place.slice(0, place.lastIndexOf('/node_modules/'));
}

function readManifest(folder: string): PackageManifest {
  return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageManifest;
}

/** Optional ones are there or not, as they are where the bundle is made. */
function needs(manifest: PackageManifest & { optionalDependencies?: Readonly<Record<string, string>> }): {
  name: string;
  optional: boolean;
}[] {
  const {
    dependencies = {},
    optionalDependencies = {},
    peerDependencies = {},
    peerDependenciesMeta,
  } = manifest;
  const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta?.[name]?.optional);
  return [
    ...Object.keys(dependencies).map((name) => ({ name, optional: name in optionalDependencies })),
    ...Object.keys(optionalDependencies).map((name) => ({ name, optional: true })),
    ...peers.map((name) => ({ name, optional: false })),
  ];
}

function missing(name: string, from: readonly string[], user: string | undefined): VwmpError {
  const who = user === undefined ? '' : ` by "${user}"`;
  const message = `The package "${name}" is needed${who} and not installed, seen from ${from.join(' and ')}. Add it: npm install ${name}`;
  return new VwmpError('PACKAGE_MISSING', message, { retryable: false });
}
