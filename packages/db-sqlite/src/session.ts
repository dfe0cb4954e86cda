import type { Runner } from 'db-common';
import { runSteps } from 'db-common';
import type { Connection } from './connection/connection.ts';
import type { Place } from './connection/open-file.ts';
import { createReader, type Reader } from './connection/reader.ts';
import { createWriter, type Writer } from './connection/writer.ts';
import { createLists, type Lists } from './executions/lists.ts';

/** A database that is open and has its tables. */
export interface Session {
  connection: Connection;
  reader: Reader;
  writer: Writer;
  lists: Lists;
  /** Writes something, within a transaction, to see whether it can be done. */
  touch(): void;
  /** Runs what both databases share. */
  runner: Runner;
}

export function createSession(connection: Connection, place: Place): Session {
  const lists = createLists(connection);
  const reader = createReader(connection, place);
  const writer = createWriter(connection, place, {
    beforeCommit: lists.write,
    afterRollback: lists.forget,
  });
  const runner: Runner = {
    read: reader.readSteps,
    write: (steps) => writer.add(() => runSteps(steps(), connection), true),
  };
  const touched = connection.statement(
    "insert into marks (name, value) values ('touched', ?) on conflict do update set value = excluded.value",
  );
  const touch = (): void => void touched.run(Date.now());
  return { connection, reader, writer, lists, touch, runner };
}
