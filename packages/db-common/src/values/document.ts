import type { WorkflowDocument } from '@vwmp/core';
import { parseStored } from './stored.ts';

/** A document as it is stored. */
export interface StoredDocument {
  /** Of the body: 144 bits of SHA-256. */
  hash: string;
  body: string;
}

/** Of documents that nobody can change: every start of a workflow brings the same one. */
const stored = new WeakMap<WorkflowDocument, StoredDocument>();

/** The stored form of a document. */
export function storeDocument(document: WorkflowDocument): StoredDocument {
  const known = stored.get(document);
  if (known) return known;
  const body = JSON.stringify(document);
  // Not imported: it would be loaded (1.4 MB) before anything is stored.
  const { hash } = process.getBuiltinModule('node:crypto');
  const made = { hash: hash('sha256', body, 'base64url').slice(0, 24), body };
  if (isFrozen(document)) stored.set(document, made);
  return made;
}

/** Documents that were read, by hash, so that many executions of a workflow share one. */
export interface DocumentCache {
  get(hash: string): WorkflowDocument | undefined;
  /** @returns the document, frozen @throws STORE_CORRUPT */
  read(document: StoredDocument): WorkflowDocument;
}

/** @param size - so many documents stay: those that were read last */
export function createDocumentCache(size: number): DocumentCache {
  const documents = new Map<string, WorkflowDocument>();
  return {
    get: (hash) => documents.get(hash),
    read({ hash, body }) {
      const document = freeze(parseStored<WorkflowDocument>(body, () => `the document ${hash}`));
      stored.set(document, { hash, body });
      documents.set(hash, document);
      for (const oldest of documents.keys()) {
        if (documents.size <= size) break;
        documents.delete(oldest);
      }
      return document;
    },
  };
}

function isFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozen);
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value;
}
