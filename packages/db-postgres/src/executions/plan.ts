import type { Statement } from '../connection/exchange.ts';
import { appendStatement } from './append-statement.ts';
import { type Claim, claimStatement } from './claims.ts';
import { type BeginRow, type EndRow, fastAdd, fastBegin, fastCreate, fastEnd } from './fast-statements.ts';
import type { Item } from './item.ts';
import type { KnownExecutions } from './known.ts';
import { lockStatement } from './lock.ts';
import { promoteStatement } from './promote-statement.ts';

/** What is done to executions in one transaction: one thing to each. */
export interface Work {
  items: readonly Item[];
  claims: readonly Claim[];
}

/** How it is carried out. */
export interface Plan {
  /** Plain starts, plain beginnings of what waited, more events, plain ends: one statement for each kind that there is. */
  creates: Item[];
  begins: Item[];
  adds: Item[];
  ends: Item[];
  /** The rest, by the general statement. */
  others: Item[];
  /** After those it calls the ones whose turn it is, if that may be somebody. */
  promotes: boolean;
  /** The last statement, if there are any. */
  claims: readonly Claim[];
  statements: Statement[];
}

/** What is believed of the database. */
export interface Beliefs {
  known: KnownExecutions;
  /** Hashes of documents that are there. */
  filed: ReadonlySet<string>;
  /** Hashes of documents that need not be read. */
  read: readonly string[];
}

/** @param hopeful - whether beliefs are to be tried */
export function planOf({ items, claims }: Work, { known, filed, read }: Beliefs, hopeful: boolean): Plan {
  const plan: Plan = {
    ...{ creates: [], begins: [], adds: [], ends: [], others: [] },
    ...{ promotes: false, claims, statements: [] },
  };
  const beginRows: BeginRow[] = [];
  const endRows: EndRow[] = [];
  const documents = new Map<string, string>();
  const keys: string[] = [];
  const turning: string[] = [];
  for (const item of items) {
    const { id, created, changed, document } = item;
    const was = known.statusBefore(item);
    if (hopeful && created && isPlainStart(item) && filed.has(created.document_hash)) plan.creates.push(item);
    else if (hopeful && was !== undefined && isPlainAddition(item, was)) plan.adds.push(item);
    else if (hopeful && was !== undefined && isPlainEnd(item)) {
      plan.ends.push(item);
      endRows.push({ ...changed!, was });
    } else if (hopeful && changed && known.statusOf(id) === 'pending' && isPlainBeginning(item)) {
      plan.begins.push(item);
      beginRows.push(changed);
    } else {
      plan.others.push(item);
      if (document && !filed.has(document.hash)) documents.set(document.hash, document.body);
      const key = created?.concurrency_key ?? null;
      if (key !== null) keys.push(key);
      const turns =
        changed && was === undefined && (changed.completed_at !== null || changed.status === 'pending');
      if (key !== null || turns) turning.push(id);
    }
  }

  const { creates, begins, adds, ends, others, statements } = plan;
  plan.promotes = turning.length > 0;
  const targets = others.flatMap(({ mail }) => mail.map(({ target }) => target));
  statements.push(
    lockStatement({
      ids: [...[...items, ...claims].map(({ id }) => id), ...targets],
      keys,
      ending: turning,
      documents: items.some(({ created }) => created),
    }),
  );
  const events = (of: readonly Item[]) => of.flatMap((item) => item.events);
  if (creates.length > 0) {
    const rows = creates.map(({ created }) => created!);
    statements.push(fastCreate(rows, events(creates)));
  }
  if (begins.length > 0) statements.push(fastBegin(beginRows, events(begins)));
  if (adds.length > 0) {
    statements.push(
      fastAdd(
        adds.flatMap(({ events, changed }) => {
          const { expected, epoch, status } = changed!;
          return events.map((event) => ({ ...event, expected, epoch, status }));
        }),
        adds.length === 1,
      ),
    );
  }
  if (ends.length > 0) statements.push(fastEnd(endRows, events(ends)));
  if (others.length > 0) statements.push(appendStatement({ items: others, documents }));
  if (plan.promotes) statements.push(promoteStatement(turning));
  if (claims.length > 0) statements.push(claimStatement(claims, read));
  return plan;
}

function isPlainStart({ created, mail }: Item): boolean {
  const { concurrency_key, completed_at, error_code, wake_at } = created!;
  return (
    concurrency_key === null &&
    completed_at === null &&
    error_code === null &&
    wake_at === null &&
    mail.length === 0
  );
}

/** An execution that was queued begins: its start is another moment than it had. */
function isPlainBeginning({ changed, events, mail, handled }: Item): boolean {
  const { status, completed_at, error_code, owns, wakes, wake_at } = changed!;
  return (
    status !== 'pending' &&
    completed_at === null &&
    error_code === null &&
    !owns &&
    !(wakes && wake_at !== null) &&
    events.length > 0 &&
    mail.length + handled.length === 0
  );
}

function isPlainAddition({ changed, events, mail, handled }: Item, was: string): boolean {
  const { status, completed_at, error_code, owns, wakes, wake_at } = changed!;
  return (
    status === was &&
    completed_at === null &&
    error_code === null &&
    !owns &&
    !(wakes && wake_at !== null) &&
    events.length > 0 &&
    mail.length + handled.length === 0
  );
}

function isPlainEnd({ changed, mail, handled }: Item): boolean {
  return changed!.completed_at !== null && mail.length + handled.length === 0;
}
