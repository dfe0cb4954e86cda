import type { WorkflowDocument } from '@vwmp/core';
import { corrupt, createDocumentCache, type StoredDocument } from 'db-common';
import type { Connection } from '../connection/connection.ts';
import type { Known } from './known.ts';

/** The documents of executions. */
export interface Documents {
  /** Stores it unless it is there; in the transaction of what refers to it, so that it cannot go before. */
  keep(document: StoredDocument): void;
  /** @throws STORE_CORRUPT */
  read(hash: string): WorkflowDocument;
}

export function createDocuments(connection: Connection, { documents }: Pick<Known, 'documents'>): Documents {
  // What a worker runs is a few workflows, of which it takes up many executions.
  const cache = createDocumentCache(50);
  const has = connection.statement('select 1 from documents where hash = ?').pluck();
  const add = connection.statement('insert into documents (hash, body) values (?, ?)');
  const find = connection.statement('select body from documents where hash = ?').pluck();

  return {
    keep({ hash, body }) {
      if (documents.has(hash)) return;
      if (has.get(hash) === undefined) add.run(hash, body);
      documents.add(hash);
    },
    read(hash) {
      const known = cache.get(hash);
      if (known) return known;
      const body = find.get(hash) as string | undefined;
      if (body === undefined) throw corrupt(`the document ${hash}`);
      return cache.read({ hash, body });
    },
  };
}
