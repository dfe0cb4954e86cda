import { spawn } from 'node:child_process';
import { chownSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { missingProgram } from './missing.ts';

/** Programs of one installation of PostgreSQL, run as a user whom the server accepts: it refuses root. */
export interface PostgresPrograms {
  /** Whom they run as; undefined: as this process does. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  path(program: string): string;
  /** Gives a file or folder to that user. */
  own(path: string): void;
  /** @returns what it prints @throws with what it says when it fails */
  run(program: string, args: string[], how?: { input?: string; env?: NodeJS.ProcessEnv }): Promise<string>;
}

const debianFolder = '/usr/lib/postgresql';
const needed = ['initdb', 'postgres', 'psql'];

/** Looks on the PATH and where Debian keeps it: the newest. @throws when there is none, with what to install */
export function findPostgres(): PostgresPrograms {
  const bin = folders().find((folder) => needed.every((name) => existsSync(join(folder, name))));
  if (bin === undefined) throw missingProgram('PostgreSQL', 'postgresql', { code: 'ENOENT' });
  const { uid, gid } = process.getuid?.() === 0 ? ordinaryUser() : {};
  const path = (program: string): string => join(bin, program);
  return {
    ...{ uid, gid, path },
    own(file) {
      if (uid !== undefined) chownSync(file, uid, gid!);
    },
    run: (program, args, { input = '', env } = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn(path(program), args, {
          ...{ cwd: '/', uid, gid, env: { ...process.env, ...env }, stdio: 'pipe' },
        });
        const written = { stdout: '', stderr: '' };
        for (const name of ['stdout', 'stderr'] as const) {
          child[name].setEncoding('utf8').on('data', (text: string) => {
            written[name] += text;
          });
        }
        child.once('error', reject);
        child.once('close', (code) => {
          if (code === 0) resolve(written.stdout.trimEnd());
          else reject(new Error(`${program} failed: ${written.stderr.trim() || written.stdout.trim()}`));
        });
        child.stdin.on('error', () => {});
        child.stdin.end(input);
      }),
  };
}

function folders(): string[] {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  if (!existsSync(debianFolder)) return onPath;
  const versions = readdirSync(debianFolder).sort((a, b) => Number(b) - Number(a));
  return [...onPath, ...versions.map((version) => join(debianFolder, version, 'bin'))];
}

function ordinaryUser(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const wanted of ['postgres', 'nobody']) {
    const user = users.find(([name]) => name === wanted);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new Error('PostgreSQL refuses to run as root, and there is neither a user "postgres" nor "nobody".');
}
