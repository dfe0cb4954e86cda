import { type KeyRecord, type KeyRole, type KeyStore, VwmpError } from '@vwmp/core';
import { eq, gt, sql } from 'drizzle-orm';
import { clause, countWhere } from '../query/count.ts';
import { insert, rowsOf, type Steps } from '../query/steps.ts';
import type { ApiKeyRow } from '../schema/tables.ts';
import { pageLimit, pageOf, readCursor } from '../values/page.ts';
import { fromText, toText } from '../values/text.ts';
import { fromTime, toTime } from '../values/time.ts';
import type { StoreParts } from './parts.ts';

/** Keeps API keys in a database. */
export function createKeyStore({ gate, runner, dialect }: StoreParts): KeyStore {
  const { apiKeys } = dialect.tables;

  const read = function* (id: string): Steps<KeyRecord | undefined> {
    const [row] = yield* rowsOf<ApiKeyRow>(sql`select * from ${apiKeys} where ${eq(apiKeys.id, toText(id))}`);
    return row && keyOf(row);
  };

  return {
    open: gate.open,
    close: gate.close,
    add(key) {
      return gate.run(async () => {
        const row = keyRow(key);
        const added = await runner.write(function* () {
          return yield* insert('apiKeys', [{ ...row }], 'ignore');
        });
        if (added > 0) return;
        throw new VwmpError('ALREADY_EXISTS', `There is an API key "${key.id}" already.`, {
          retryable: false,
        });
      });
    },
    get(id) {
      return gate.run(() => runner.read(() => read(id)));
    },
    list(query = {}) {
      return gate.run(() =>
        runner.read(function* () {
          const limit = pageLimit(query);
          const cursor = readCursor(query, 'string');
          const rest = cursor && gt(apiKeys.id, cursor[0]);
          const rows = yield* rowsOf<ApiKeyRow>(
            sql`select * from ${apiKeys} ${clause(rest)} order by ${apiKeys.id} limit ${limit + 1}`,
          );
          const count = yield* countWhere(apiKeys, undefined);
          return pageOf(rows, limit, count, ({ id }) => [id], keyOf);
        }),
      );
    },
    revoke(id, at) {
      return gate.run(async () => {
        const time = toTime(at, 'The time when an API key was revoked');
        return await runner.write(function* () {
          yield sql`update ${apiKeys} set revoked_at = ${time} where ${apiKeys.id} = ${toText(id)} and ${apiKeys.revoked_at} is null`;
          return yield* read(id);
        });
      });
    },
    used(id, at) {
      return gate.run(async () => {
        const time = toTime(at, 'The time when an API key was used');
        await runner.write(function* () {
          yield sql`update ${apiKeys} set last_used_at = ${time} where ${apiKeys.id} = ${toText(id)} and (${apiKeys.last_used_at} is null or ${apiKeys.last_used_at} < ${time})`;
        });
      });
    },
  };
}

function keyRow({
  id,
  name,
  role,
  hash,
  created_at,
  expires_at,
  revoked_at,
  last_used_at,
}: KeyRecord): ApiKeyRow {
  const time = (at: string | undefined): number | null =>
    at === undefined ? null : toTime(at, 'A time of an API key');
  return {
    id: toText(id),
    name: toText(name),
    role,
    hash: toText(hash),
    created_at: toTime(created_at, 'The time when an API key was created'),
    expires_at: time(expires_at),
    revoked_at: time(revoked_at),
    last_used_at: time(last_used_at),
  };
}

function keyOf({
  id,
  name,
  role,
  hash,
  created_at,
  expires_at,
  revoked_at,
  last_used_at,
}: ApiKeyRow): KeyRecord {
  return {
    id: fromText(id),
    name: fromText(name),
    role: role as KeyRole,
    hash: fromText(hash),
    created_at: fromTime(created_at),
    ...(expires_at !== null && { expires_at: fromTime(expires_at) }),
    ...(revoked_at !== null && { revoked_at: fromTime(revoked_at) }),
    ...(last_used_at !== null && { last_used_at: fromTime(last_used_at) }),
  };
}
