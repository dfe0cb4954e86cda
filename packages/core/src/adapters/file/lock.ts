import { VwmpError } from '../../errors.ts';
import { node } from './node.ts';
import { isSystemError } from './unavailable.ts';

// For the file of secrets, which takes of this folder no more than what it writes with.
export { makeFolder } from './folders.ts';
export { touching } from './unavailable.ts';

/** Who holds a lock, as its file says. */
interface Holder {
  pid: number;
  host: string;
  token: string;
}

/** What the holder of a lock can ask. */
export interface HeldLock {
  /** False when it took so long that someone else took the lock over. */
  stillHeld(): Promise<boolean>;
}

/** Saving takes milliseconds: who holds the lock for longer has crashed, on whichever machine. */
const staleAfter = 10_000;
const giveUpAfter = 20_000;
const pollEvery = 5;

/**
 * Runs `work` while no other process does with the same lock, which is a file that exists as long as it is
 * held. A lock whose process is gone, or that is held for more than ten seconds, is taken over.
 *
 * @throws STORE_UNAVAILABLE when it does not become free
 */
export async function withLock<T>(path: string, work: (lock: HeldLock) => Promise<T>): Promise<T> {
  const token = Math.random().toString(36).slice(2);
  await acquire(path, { pid: process.pid, host: node.os.hostname(), token });
  const stillHeld = async (): Promise<boolean> => (await readHolder(path))?.token === token;
  try {
    return await work({ stillHeld });
  } finally {
    if (await stillHeld()) await node.fs.rm(path, { force: true });
  }
}

async function acquire(path: string, holder: Holder): Promise<void> {
  const deadline = performance.now() + giveUpAfter;
  while (!(await tryAcquire(path, holder))) {
    if (await isStale(path, holder.host)) await takeAway(path, holder.token);
    else if (performance.now() > deadline) {
      const message = `Could not lock ${path}. If no other process uses this folder, delete that file.`;
      throw new VwmpError('STORE_UNAVAILABLE', message, { details: { path } });
    } else await new Promise((resolve) => setTimeout(resolve, pollEvery));
  }
}

async function tryAcquire(path: string, holder: Holder): Promise<boolean> {
  try {
    await node.fs.writeFile(path, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return false;
    // It was made, and there was no room for what it says: nobody holds it.
    if (isSystemError(error) && error.syscall === 'write') await node.fs.rm(path, { force: true });
    throw error;
  }
}

async function isStale(path: string, host: string): Promise<boolean> {
  try {
    const holder = await readHolder(path);
    // The own process id proves nothing: in a container the process before this one had it, too.
    if (holder?.host === host && holder.pid !== process.pid && !isAlive(holder.pid)) return true;
    return Date.now() - (await node.fs.stat(path)).mtimeMs > staleAfter;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return false;
    throw error;
  }
}

/** By renaming, which only one of several that find it stale can do. */
async function takeAway(path: string, token: string): Promise<void> {
  const aside = `${path}.${token}`;
  try {
    await node.fs.rename(path, aside);
    await node.fs.rm(aside, { force: true });
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await node.fs.readFile(path, 'utf8')) as Holder;
  } catch {
    // Not there, or not written yet.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isSystemError(error, 'ESRCH');
  }
}
