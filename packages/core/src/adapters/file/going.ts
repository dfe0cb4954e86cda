import { hasCode, type VwmpError } from '../../errors.ts';
import type { Logger } from '../../ports/logger.ts';
import { isCompleted } from '../memory/execution-query.ts';
import type { ExecutionIndex, Found } from './execution-index.ts';
import type { Markers } from './markers.ts';
import { node } from './node.ts';
import type { Outbox } from './outbox.ts';
import { removeFile } from './small-file.ts';
import { isSystemError } from './unavailable.ts';

/** The executions that something is to be done about. */
export interface Going {
  /** All that have not ended. What others left to be done on the way is done. */
  all(): Promise<Found[]>;
  /** Delivers what was left undelivered of one that is to go. */
  settle(found: Found): Promise<void>;
  /** Nothing is to be done about one any more. */
  done(path: string): Promise<void>;
}

export interface GoingParts {
  /** The folder of executions. */
  root: string;
  logger: Logger | undefined;
  index: ExecutionIndex;
  markers: Markers;
  outbox: Outbox;
}

/** Makes it for one folder. */
export function createGoing({ root, logger, index, markers, outbox }: GoingParts): Going {
  /** Senders with a damaged receiver, of which the log was told. */
  const undeliverable = new Set<string>();

  const done = async (path: string): Promise<void> => {
    await markers.remove(path);
    outbox.forget(path);
    undeliverable.delete(path);
  };

  /** A receiver that is damaged must not keep the others from their work. */
  const finish = async (sender: Found): Promise<void> => {
    try {
      await outbox.finish(sender);
    } catch (error) {
      if (!hasCode(error, 'STORE_CORRUPT') || !logger) throw error;
      const { message, details } = error as VwmpError;
      if (!undeliverable.has(sender.path)) logger.log('error', message, details as Record<string, unknown>);
      undeliverable.add(sender.path);
    }
  };

  /** Markers that a crash left without a history, or a full disk with an empty one. */
  const tidy = async (marked: readonly string[], found: readonly Found[]): Promise<void> => {
    const present = new Set(found.map(({ path }) => path));
    for (const path of marked) {
      if (present.has(path) || !(await markers.isOld(path))) continue;
      const file = node.path.join(root, path);
      const size = await sizeOf(file);
      // A damaged history is there, too.
      if (size !== undefined && size > 0) continue;
      if (size === 0) await removeFile(file);
      await markers.remove(path);
    }
  };

  return {
    done,
    async settle(found) {
      if (await markers.has(found.path)) await finish(found);
    },
    async all() {
      const marked = await markers.list();
      const found = await index.tails(marked);
      if (found.length < marked.length) await tidy(marked, found);
      const unsettled = found.filter((each) => !outbox.isSettled(each));
      for (const each of unsettled) await finish(each);
      const ended = found.filter(({ last }) => isCompleted(last.summary));
      for (const each of ended) if (outbox.isSettled(each)) await done(each.path);
      const going = found.filter(({ last }) => !isCompleted(last.summary));
      // What was delivered has changed those that it was delivered to.
      return unsettled.length === 0 ? going : await index.tails(going.map(({ path }) => path));
    },
  };
}

/** In bytes; undefined when it is not there. */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await node.fs.stat(file)).size;
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}
