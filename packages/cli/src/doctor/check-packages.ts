import type { Settings } from '@vwmp/core/settings';
import manifest from '../../package.json' with { type: 'json' };
import { findPackage, ownFolder, packagesOf } from '../platform/adapter-packages.ts';
import type { Finding } from './finding.ts';

/** A package as it was found. */
export interface FoundPackage {
  name: string;
  /** Missing when it is not installed. */
  version?: string;
  /** `project`, or `command` for what came with it or lies beside it. */
  where?: 'project' | 'command';
  /** What asks for it. */
  setting?: string;
}

/** Which packages are asked for, and which are there. */
export function findPackages(settings: Settings | undefined, folder: string): FoundPackage[] {
  const wanted = [
    { name: '@vwmp/core' },
    { name: '@vwmp/plugins' },
    ...(settings ? packagesOf(settings) : []),
  ];
  const found = wanted.map(({ name, ...rest }): FoundPackage => {
    const inProject = findPackage(name, folder);
    const one = inProject ?? findPackage(name, ownFolder);
    if (!one) return { name, ...rest };
    return { name, version: one.version, where: inProject ? 'project' : 'command', ...rest };
  });
  return [{ name: manifest.name, version: manifest.version, where: 'command' }, ...found];
}

export function checkPackages(packages: readonly FoundPackage[]): Finding[] {
  const findings: Finding[] = [];
  for (const { name, version, setting } of packages) {
    if (version !== undefined) continue;
    findings.push({
      area: 'packages',
      verdict: 'broken',
      title: `${name} is not installed${setting === undefined ? '' : `, and ${setting} asks for it`}`,
      advice: `npm install ${name}`,
    });
  }
  const versions = new Set(
    packages.flatMap(({ version }) => (version === undefined ? [] : [series(version)])),
  );
  if (versions.size > 1) {
    const list = packages.map(({ name, version = 'missing' }) => `${name} ${version}`).join(', ');
    findings.push({
      area: 'packages',
      verdict: 'warning',
      title: `The packages are of different versions: ${list}`,
      advice: 'Bring all of them to the same: npm install @vwmp/cli@latest and so on.',
    });
  }
  if (findings.length === 0) {
    const list = packages.map(({ name, version }) => `${name.replace('@vwmp/', '')} ${version}`).join(', ');
    findings.push({ area: 'packages', verdict: 'ok', title: list });
  }
  return findings;
}

/** Before 1.0 a minor version may change everything. */
function series(version: string): string {
  const [major, minor] = version.split('.');
  return major === '0' ? `0.${minor}` : major!;
}
