import semver from 'semver';
import { refuse } from './errors.ts';

export type Bump = 'patch' | 'minor' | 'major' | 'pre';

/**
 * The version after another one.
 *
 * @param name - of the series that `pre` begins or goes on with, such as `rc`
 * @throws RELEASE_VERSION_INVALID
 */
export function nextVersion(from: string, bump: Bump, name: string): string {
  const next = bump === 'pre' ? semver.inc(from, 'prerelease', name) : semver.inc(from, bump);
  if (next !== null) return next;
  throw refuse('RELEASE_VERSION_INVALID', `${JSON.stringify(from.slice(0, 100))} is no semantic version.`);
}

/** @throws RELEASE_VERSION_INVALID unless it is a version that comes after the other one */
export function checkVersion(from: string, version: string): void {
  if (semver.valid(version) !== version)
    throw refuse(
      'RELEASE_VERSION_INVALID',
      `${JSON.stringify(version.slice(0, 100))} is no semantic version.`,
    );
  if (semver.valid(from) === null || semver.lte(version, from))
    throw refuse('RELEASE_VERSION_INVALID', `The version ${version} does not come after ${from}.`);
}
