import { readFile, writeFile } from 'node:fs/promises';
import { type JsonValue, VwmpError } from '@vwmp/core';
import { createMemoryStorage } from '@vwmp/core/memory';
import type { Maintenance, Storage } from '@vwmp/core/ports';
import type { Place } from './suite.ts';

/** A call that changed something: all that a storage is made of here. */
type Call = {
  n: number;
  store: string;
  method: string;
  args: JsonValue[];
};

const changing: Readonly<Record<string, readonly string[]>> = {
  executions: ['append', 'post', 'claim', 'heartbeat', 'retire', 'prune'],
  workflows: ['save', 'remove'],
  schedules: ['put', 'remove', 'decide'],
  logs: ['add'],
  audit: ['add'],
  keys: ['add', 'revoke', 'used'],
};

/**
 * A place with a storage that has maintenance and needs no database: its only table is what was called, and importing
 * that calls it again. It is there to test the tests.
 */
export async function recordedPlace(): Promise<Place<Storage> & { durable: true }> {
  const memory = createMemoryStorage({ clock: { now: () => 1_700_000_000_000 } });
  await memory.open();
  const calls: Call[] = [];
  const applied: string[] = [];

  const call = async ({ store, method, args }: Omit<Call, 'n'>): Promise<unknown> => {
    const methods = memory[store as 'audit'] as unknown as Record<string, (...args: unknown[]) => unknown>;
    // In JSON an argument that is missing is null.
    const result = await methods[method]!(...structuredClone(args).map((arg) => arg ?? undefined));
    calls.push({ n: calls.length + 1, store, method, args: JSON.parse(JSON.stringify(args)) });
    return result;
  };

  const recorded = <T extends object>(name: string, store: T): T => {
    const methods = changing[name]!.map((method) => [
      method,
      (...args: JsonValue[]) => call({ store: name, method, args }),
    ]);
    return { ...store, ...Object.fromEntries(methods) };
  };

  const check = (table: string): void => {
    if (table !== 'calls') throw new VwmpError('NOT_FOUND', `There is no table "${table}".`);
  };

  const maintenance: Maintenance = {
    migrate: async () => {
      const done = applied.length === 0 ? ['0001'] : [];
      applied.push(...done);
      return done;
    },
    status: async () => ({ applied: [...applied], pending: applied.length === 0 ? ['0001'] : [] }),
    async backup(path) {
      try {
        await writeFile(path, JSON.stringify(calls), { flag: 'wx' });
      } catch (error) {
        const code = (error as { code?: string }).code === 'EEXIST' ? 'ALREADY_EXISTS' : 'STORE_UNAVAILABLE';
        throw new VwmpError(code, `Could not write a backup to ${path}.`, { cause: error });
      }
      await readFile(path);
    },
    compact: async () => 0,
    check: async () => [],
    tables: async () => [{ name: 'calls', rows: calls.length }],
    async exportRows(table, after, limit) {
      check(table);
      const start = Number(after ?? 0);
      const rows = structuredClone(calls.slice(start, start + limit));
      const end = start + rows.length;
      return { rows, ...(end < calls.length && { cursor: String(end) }) };
    },
    async importRows(table, rows) {
      check(table);
      for (const { n } of rows) {
        if (typeof n !== 'number') throw new VwmpError('VALUE_INVALID', 'A row has no number.');
      }
      for (const row of rows as Call[]) if (row.n > calls.length) await call(row);
    },
  };

  let unfinished = false;
  const marked = (): Maintenance => {
    let importing = false;
    const whole = <A extends unknown[], T>(work: (...given: A) => Promise<T>) => {
      return async (...given: A): Promise<T> => {
        if (unfinished && !importing)
          throw new VwmpError('STORE_UNAVAILABLE', 'It is a copy that is not complete.');
        return await work(...given);
      };
    };
    return {
      ...maintenance,
      migrate: whole(maintenance.migrate),
      status: whole(maintenance.status),
      tables: whole(maintenance.tables),
      async importing(step) {
        importing ||= step === 'begin';
        unfinished = step === 'begin' && (unfinished || calls.length === 0);
        await maintenance.migrate();
      },
    };
  };

  const make = (own = marked()): Storage => ({
    executions: recorded('executions', memory.executions),
    workflows: recorded('workflows', memory.workflows),
    schedules: recorded('schedules', memory.schedules),
    logs: recorded('logs', memory.logs),
    audit: recorded('audit', memory.audit),
    keys: recorded('keys', memory.keys),
    maintenance: own,
    open: async () => void (await own.migrate()),
    close: async () => undefined,
    ping: async () => undefined,
  });
  return { make: () => make(), durable: true };
}
