import type { WorkflowDocument } from '@vwmp/core';

/** A document as it is stored. */
export interface StoredDocument {
  /** Of the body: 144 bits of SHA-256. */
  hash: string;
  body: string;
}

/** Of documents that nobody can change: every start of a workflow brings the same one. */
const known = new WeakMap<WorkflowDocument, StoredDocument>();

/** The stored form of a document. */
export function storeDocument(document: WorkflowDocument): StoredDocument {
  const before = known.get(document);
  if (before) return before;
  const body = JSON.stringify(document);
  // Not imported: it would be loaded (1.4 MB) before anything is stored.
  const { hash } = process.getBuiltinModule('node:crypto');
  const stored = { hash: hash('sha256', body, 'base64url').slice(0, 24), body };
  if (isFrozen(document)) known.set(document, stored);
  return stored;
}

function isFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozen);
}
