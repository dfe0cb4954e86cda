import type { AuditRecord, AuditStore, JsonObject } from '@vwmp/core';
import { and, eq, lt, sql } from 'drizzle-orm';
import { clause, countWhere } from '../query/count.ts';
import { rowsOf } from '../query/steps.ts';
import type { AuditRow } from '../schema/tables.ts';
import { pageLimit, pageOf, readCursor } from '../values/page.ts';
import { fromText, toText } from '../values/text.ts';
import { fromTime, toTime } from '../values/time.ts';
import type { StoreParts } from './parts.ts';

/** Keeps audit records in a database. */
export function createAuditStore({ gate, runner, dialect }: StoreParts): AuditStore {
  const { audit } = dialect.tables;

  return {
    open: gate.open,
    close: gate.close,
    add(record) {
      return gate.run(async () => {
        await runner.add({ into: 'audit', rows: [auditRow(record)] });
      });
    },
    list(query = {}) {
      return gate.run(() =>
        runner.read(function* () {
          const limit = pageLimit(query);
          const cursor = readCursor(query, 'number');
          const where = query.subject === undefined ? undefined : eq(audit.subject, toText(query.subject));
          const rest = and(where, cursor && lt(audit.position, cursor[0]));
          const rows = yield* rowsOf<AuditRow>(
            sql`select * from ${audit} ${clause(rest)} order by ${audit.position} desc limit ${limit + 1}`,
          );
          const count = yield* countWhere(audit, where);
          return pageOf(rows, limit, count, ({ position }) => [position], auditOf);
        }),
      );
    },
  };
}

function auditRow({ at, actor, action, subject, details }: AuditRecord): Omit<AuditRow, 'position'> {
  return {
    at: toTime(at, 'The time of the audit record'),
    actor: toText(actor),
    action: toText(action),
    subject: toText(subject),
    details: details === undefined ? null : JSON.stringify(details),
  };
}

function auditOf({ at, actor, action, subject, details }: AuditRow): AuditRecord {
  return {
    at: fromTime(at),
    actor: fromText(actor),
    action: fromText(action),
    subject: fromText(subject),
    ...(details !== null && { details: JSON.parse(details) as JsonObject }),
  };
}
