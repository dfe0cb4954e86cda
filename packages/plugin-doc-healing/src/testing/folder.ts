import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A new folder with files in it that goes with the test. */
export function makeFolder(files: Files = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vwmp-doc-healing-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, files);
  return folder;
}

export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** A repository with one commit for each state of its files; a file that a later state lacks is removed. */
export function makeRepository(...states: readonly Files[]): { folder: string; commits: string[] } {
  const folder = makeFolder();
  git(folder, 'init', '-q', '-b', 'main');
  let before: Files = {};
  const commits = states.map((files, at) => {
    for (const path of Object.keys(before)) if (!(path in files)) rmSync(join(folder, path));
    writeFiles(folder, files);
    before = files;
    git(folder, 'add', '-A');
    git(folder, ...identity, 'commit', '-q', '--allow-empty', '-m', `state ${at}`);
    return git(folder, 'rev-parse', 'HEAD').trim();
  });
  return { folder, commits };
}

const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.test', '-c', 'commit.gpgsign=false'];

export function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}
