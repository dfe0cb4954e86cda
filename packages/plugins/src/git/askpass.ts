import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Answers both questions of git from the environment: a command line can be read by every user of the machine. */
const script = `#!/bin/sh
case "$1" in
Username*) printf '%s\\n' "$VWMP_GIT_USERNAME" ;;
*) printf '%s\\n' "$VWMP_GIT_PASSWORD" ;;
esac
`;

/** Lets git log in while `work` runs, which gets the entries of the environment for it. */
export async function withCredentials<T>(
  username: string,
  password: string,
  work: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'vwmp-askpass-'));
  try {
    const file = join(folder, 'askpass');
    await writeFile(file, script, { mode: 0o700 });
    return await work({ GIT_ASKPASS: file, VWMP_GIT_USERNAME: username, VWMP_GIT_PASSWORD: password });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
