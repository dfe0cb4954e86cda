import { VwmpError } from '../../errors.ts';
import type { WorkflowDraft, WorkflowRecord, WorkflowStore } from '../../ports/workflow-store.ts';
import { checkRev } from '../memory/check-rev.ts';
import { createGate, type Gate } from '../memory/gate.ts';
import { pageOf } from '../memory/page.ts';
import { matchesWorkflow } from '../memory/workflow-query.ts';
import { writeAtomic } from './atomic-write.ts';
import { makeFolder, ownFolder, prepareOwnFolder, syncFolder } from './folders.ts';
import { identify, isSlug } from './identity.ts';
import { createLimit } from './limit.ts';
import { type HeldLock, withLock } from './lock.ts';
import { node } from './node.ts';
import { isSystemError, touching } from './unavailable.ts';
import { createWorkflowFolder, type WorkflowFolder } from './workflow-folder.ts';

export interface FileWorkflowStoreOptions {
  /** Made when it is missing. Documents in subfolders count, too. */
  folder: string;
}

/** Names that Windows keeps for devices, whatever their extension. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;

/**
 * Keeps workflows as the YAML and JSON files of a folder, which people also edit by hand and in Git. The id
 * comes from the document, not from the name of the file. What can't be read is listed with its problems. Git
 * keeps the versions, so there is only the current one here.
 *
 * Saving never replaces what was changed on disk since it was read. Against other VWMP processes a lock
 * makes that certain; an editor could only slip in between the last look at the file and the renaming right
 * after.
 */
export function createFileWorkflowStore({ folder }: FileWorkflowStoreOptions): WorkflowStore {
  const root = node.path.resolve(folder);
  const documents = createWorkflowFolder(root);
  const gate = createGate('workflow store', {
    open: () => touching('open the workflow store', root, () => prepareWorkflows(root)),
    close: async () => documents.clear(),
  });
  return workflowFilesOf(root, documents, gate);
}

/** Makes what is missing, and sees whether it can be read. */
export async function prepareWorkflows(root: string): Promise<void> {
  await makeFolder(root);
  await node.fs.readdir(root);
}

/** Makes the store as a part of a storage. */
export function workflowFilesOf(root: string, documents: WorkflowFolder, gate: Gate): WorkflowStore {
  const lockPath = node.path.join(ownFolder(root), 'workflows.lock');
  /** Within the process a queue does; only the first in it asks for the lock. */
  const inTurn = createLimit(1);

  const locked = <T>(work: (lock: HeldLock) => Promise<T>): Promise<T> =>
    inTurn(async () => {
      await prepareOwnFolder(root);
      return await withLock(lockPath, work);
    });

  /** The last look before something is changed for good. */
  const checkAgain = async (id: string, path: string, rev: string, lock: HeldLock): Promise<void> => {
    checkRev(id, (await documents.load(path))?.record.rev, rev);
    if (await lock.stillHeld()) return;
    throw new VwmpError('STORE_UNAVAILABLE', `Saving "${id}" at ${root} took too long. Try again.`);
  };

  const replace = async (
    draft: WorkflowDraft,
    path: string,
    rev: string,
    lock: HeldLock,
  ): Promise<WorkflowRecord> => {
    await checkIdentity(draft, path);
    const file = node.path.join(root, path);
    await writeAtomic(file, draft.text, 'replace', () => checkAgain(draft.id, path, rev, lock));
    return await reread(path);
  };

  const create = async (draft: WorkflowDraft): Promise<WorkflowRecord> => {
    const { id } = draft;
    if (!isSlug(id)) {
      const message =
        `The id ${JSON.stringify(id)} can't name a file in ${root}. ` +
        'Take lower-case letters, digits, ".", "_" and "-", a letter or digit first.';
      throw new VwmpError('PATH_OUTSIDE', message, { retryable: false });
    }
    const base = deviceName.test(id) ? `_${id}` : id;
    // The name may be that of a file with another id.
    for (let number = 1; ; number++) {
      const path = number === 1 ? `${base}.yaml` : `${base}-${number}.yaml`;
      await checkIdentity(draft, path);
      try {
        await writeAtomic(node.path.join(root, path), draft.text, 'create', async () => {});
        return await reread(path);
      } catch (error) {
        if (!isSystemError(error, 'EEXIST')) throw error;
        checkRev(id, (await documents.find(id))?.record.rev, undefined);
      }
    }
  };

  const reread = async (path: string): Promise<WorkflowRecord> => {
    const found = await documents.load(path);
    if (found) return found.record;
    const message = `The file ${path} in ${root} was removed right after it was saved.`;
    throw new VwmpError('STORE_UNAVAILABLE', message);
  };

  const list: WorkflowStore['list'] = async (query = {}) => {
    const all = await documents.scan();
    const ofType = all.filter(({ type }) => query.type === undefined || type === query.type);
    const matching: typeof all = [];
    for (const found of ofType) {
      const loaded = query.q === undefined ? undefined : await documents.load(found.path);
      if (query.q === undefined || (loaded && matchesWorkflow(loaded.record, query))) matching.push(found);
    }
    const page = pageOf(matching, ({ id }) => id, query, 'ascending');
    const loaded = await Promise.all(page.results.map(({ path }) => documents.load(path)));
    return { ...page, results: loaded.flatMap((found) => found?.record ?? []) };
  };

  return {
    open: gate.open,
    close: gate.close,
    get: (id) =>
      gate.run(() =>
        touching(`read the workflow "${id}"`, root, async () => (await documents.find(id))?.record),
      ),
    list: (query) => gate.run(() => touching('list the workflows', root, () => list(query))),
    save(draft, rev) {
      const given = { ...draft };
      return gate.run(() =>
        touching(`save the workflow "${given.id}"`, root, () =>
          locked(async (lock) => {
            const current = await documents.find(given.id);
            checkRev(given.id, current?.record.rev, rev);
            return current ? await replace(given, current.path, rev!, lock) : await create(given);
          }),
        ),
      );
    },
    remove: (id, rev) =>
      gate.run(() =>
        touching(`remove the workflow "${id}"`, root, () =>
          locked(async (lock) => {
            const current = await documents.find(id);
            checkRev(id, current?.record.rev, rev);
            const file = node.path.join(root, current!.path);
            await checkAgain(id, current!.path, rev, lock);
            await node.fs.unlink(file);
            await syncFolder(node.path.dirname(file));
          }),
        ),
      ),
    versions: (id, query = {}) =>
      gate.run(() =>
        touching(`read the workflow "${id}"`, root, async () => {
          const found = await documents.find(id);
          return pageOf(found ? [found.record] : [], ({ rev }) => rev, query, 'descending');
        }),
      ),
  };
}

/** The next reader takes the id from the text: under another one it would not be found again. */
async function checkIdentity({ id, text }: WorkflowDraft, path: string): Promise<void> {
  const identity = await identify(text, path);
  if (identity.id === id) return;
  const message =
    `The document to be saved as "${id}" has the id "${identity.id}" when it is read. ` +
    'Write the id into the document, or save it under its own.';
  throw new VwmpError('DOCUMENT_INVALID', message, { retryable: false, details: identity.problems ?? [] });
}
