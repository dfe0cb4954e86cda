import { VwmpError } from '@vwmp/core';
import { type Runner, runSteps } from 'db-common';
import type { Connection } from './connection/connection.ts';
import { createFit, type Fit } from './connection/fit.ts';
import type { Place } from './connection/open-file.ts';
import { createReader, type Reader } from './connection/reader.ts';
import { createWriter, type Writer } from './connection/writer.ts';
import { identityOf } from './driver/in-use.ts';
import { createKnown, type Known } from './executions/known.ts';
import { createLists, type Lists } from './executions/lists.ts';

/** A database that is open and has its tables. */
export interface Session {
  connection: Connection;
  reader: Reader;
  writer: Writer;
  /** What removes writes by this one, made anew for each time. */
  toFit(): Fit;
  lists: Lists;
  known: Known;
  /** Writes something, within a transaction, to see whether it can be done. */
  touch(): void;
  /** @throws STORE_FULL, STORE_UNAVAILABLE unless it can be read and written, and is where it was */
  ping(): Promise<void>;
  /** Runs what both databases share. */
  runner: Runner;
}

export function createSession(connection: Connection, place: Place): Session {
  const known = createKnown(connection);
  const lists = createLists(connection, known);
  const reader = createReader(connection, place);
  const writer = createWriter(connection, place, {
    afterBegin: known.check,
    afterUndo: known.forget,
    beforeCommit: lists.write,
    afterRollback() {
      lists.forget();
      known.forget();
    },
  });
  // What both databases share writes nothing of what is known.
  const runner: Runner = {
    read: reader.readSteps,
    write: (steps) => writer.add(() => runSteps(steps(), connection), true),
    // One row is added or not, without anything to be taken back.
    add: (insert) => writer.add(() => void connection.insert(insert), insert.rows.length > 1),
  };
  const touched = connection.statement(
    "insert into marks (name, value) values ('touched', ?) on conflict do update set value = excluded.value",
  );
  const touch = (): void => void touched.run(Date.now());
  const opened = identityOf(place.path);
  const ping = async (): Promise<void> => {
    if (identityOf(place.path) !== opened) throw removed(place.path);
    await writer.add(touch);
  };
  const toFit = (): Fit => createFit(connection, writer, place.path);
  return { connection, reader, writer, toFit, lists, known, touch, ping, runner };
}

function removed(path: string): VwmpError {
  const message =
    `The database at ${path} was removed or replaced while it was in use: what is written goes nowhere. ` +
    'Put it back, then start again.';
  return new VwmpError('STORE_UNAVAILABLE', message, { details: { path } });
}
