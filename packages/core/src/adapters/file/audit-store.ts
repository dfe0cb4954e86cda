import type { AuditRecord, AuditStore } from '../../ports/audit-store.ts';
import { createGate, type Gate } from '../memory/gate.ts';
import { pageLimit } from '../memory/page.ts';
import { ownFolder, prepareOwnFolder } from './folders.ts';
import { createLogQueue } from './log-queue.ts';
import { readLog } from './log-reader.ts';
import type { LogTail } from './log-tail.ts';
import { appendLine } from './log-writer.ts';
import { node } from './node.ts';
import { isSystemError, touching } from './unavailable.ts';

export interface FileAuditStoreOptions {
  /** Where the workflows are; the records go to `.vwmp/audit.jsonl` below. On a local disk. */
  folder: string;
}

/** Records that went to disk together. */
interface AuditLine {
  records: readonly AuditRecord[];
}

/** Keeps audit records as JSON Lines. Nothing is ever removed. */
export function createFileAuditStore({ folder }: FileAuditStoreOptions): AuditStore {
  const own = ownFolder(folder);
  const gate = createGate('audit store', {
    open: () => touching('open the audit store', own, () => prepareOwnFolder(folder)),
  });
  return auditFileOf(own, gate);
}

/** Makes the store as a part of a storage. */
export function auditFileOf(own: string, gate: Gate): AuditStore {
  const path = node.path.join(own, 'audit.jsonl');
  let tail: LogTail<undefined> | undefined;

  const queue = createLogQueue<AuditRecord>(async (_key, records) => {
    const known = tail;
    tail = undefined;
    tail = await appendLine<AuditLine, undefined>({
      ...{ path, known },
      remember: () => undefined,
      next: () => ({ records }),
    });
    return records.map(() => ({ value: undefined }));
  });

  /** Every record with a key that grows from one to the next. */
  async function* records(): AsyncGenerator<[key: string, record: AuditRecord]> {
    for await (const { offset, body } of readLog<AuditLine>(path)) {
      for (const [position, record] of body.records.entries()) {
        yield [`${String(offset).padStart(15, '0')}.${String(position).padStart(6, '0')}`, record];
      }
    }
  }

  const list: AuditStore['list'] = async (query = {}) => {
    const limit = pageLimit(query);
    // The file may be long: of what matches only the last are held, one more than the page takes.
    let last: [key: string, record: AuditRecord][] = [];
    let count = 0;
    for await (const entry of records()) {
      const [key, record] = entry;
      if (query.subject !== undefined && record.subject !== query.subject) continue;
      count++;
      if (query.cursor !== undefined && key >= query.cursor) continue;
      last.push(entry);
      if (last.length > 4 * limit) last = last.slice(-limit - 1);
    }
    const page = last.slice(-limit).reverse();
    const next_cursor = last.length > limit ? page.at(-1)![0] : undefined;
    return { results: page.map(([, record]) => record), ...(next_cursor && { next_cursor }), count };
  };

  return {
    open: gate.open,
    close: gate.close,
    add(record) {
      return gate.run(async () => {
        const given = structuredClone(record);
        await touching('add to the audit log', path, () => queue.add('', given));
      });
    },
    list: (query) =>
      gate.run(() =>
        touching('read the audit log', path, async () => {
          try {
            return await list(query);
          } catch (error) {
            if (isSystemError(error, 'ENOENT')) return { results: [], count: 0 };
            throw error;
          }
        }),
      ),
  };
}
