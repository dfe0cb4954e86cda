/** What speaks to SQLite: the module that Node brings, or the package with one of its own. */
export type SqliteDriver = 'node:sqlite' | 'better-sqlite3';

/** Versions of SQLite in which processes that share a file cannot damage it: https://sqlite.org/wal.html#walresetbug */
const sound: readonly [line: string, least: readonly number[]][] = [
  ['3.44.', [3, 44, 6]],
  ['3.50.', [3, 50, 7]],
  ['', [3, 51, 3]],
];

/**
 * The driver for those who name none. Node's own takes 2 MiB less memory, nothing on disk, and is as fast; but its SQLite is as old as
 * Node is, and up to 3.51.2 processes that share a file may damage it, seldom as that is.
 *
 * @param versions - those of the process
 */
export function chooseDriver({ sqlite }: NodeJS.ProcessVersions | { sqlite?: string }): SqliteDriver {
  return sqlite !== undefined && isSound(sqlite) ? 'node:sqlite' : 'better-sqlite3';
}

function isSound(version: string): boolean {
  const [, least] = sound.find(([line]) => version.startsWith(line))!;
  const parts = version.split('.').map(Number);
  const different = least.findIndex((part, index) => part !== parts[index]);
  return different === -1 || parts[different]! > least[different]!;
}
