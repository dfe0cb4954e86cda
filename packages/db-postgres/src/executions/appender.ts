import type { Append, VwmpError, Woken } from '@vwmp/core';
import type { Claimed } from '@vwmp/core/ports';
import { fromText, keyTaken, limitReached, refusal } from 'db-common';
import type { Answer } from '../connection/exchange.ts';
import type { Pool } from '../connection/pool.ts';
import { createBatcher, type Keys, type Outcome } from './batcher.ts';
import { type Claim, readClaims } from './claims.ts';
import { type Item, itemOf } from './item.ts';
import { createKnownExecutions } from './known.ts';
import { type Plan, planOf, type Work } from './plan.ts';
import type { Records } from './records.ts';
import { transact } from './transact.ts';

/** Appends and claims, many in one transaction: an execution that is claimed waits for the disk along with those that go on. */
export interface Appender {
  append(append: Append): Promise<readonly Woken[]>;
  claim(claim: Claim): Promise<Claimed | undefined>;
}

type Row = Answer['rows'][number];
type Outcomes = Map<Item, Outcome<readonly Woken[]>>;

/** So many executions and documents are remembered: more than a process works with at a time. */
const remembered = 10_000;
/** Two: while one waits for the disk the other one is carried out. More only cut the batches. */
const parallel = 2;
/** What was in the way may be gone when one looks what it is; that happens once, or something is wrong. */
const mostRounds = 10;

export function createAppender(pool: Pool, records: Records): Appender {
  const known = createKnownExecutions(remembered);
  const filed = new Set<string>();

  const flush = async (
    batch: readonly (Item | Claim)[],
  ): Promise<Outcome<readonly Woken[] | Claimed | undefined>[]> => {
    const outcomes: Outcomes = new Map();
    let claimed: Awaited<ReturnType<typeof readClaims>> | undefined;
    let left: Work = { items: batch.filter(isItem), claims: batch.filter(isClaim) };
    try {
      for (let round = 1; claimed === undefined || left.items.length > 0; round++) {
        const plan = planOf(left, { known, filed, read: records.known() }, round === 1);
        const answers = await transact(pool, plan.statements);
        claimed ??= await readClaims(plan.claims, answers.at(-1)!, records);
        left = { items: await read(plan, answers, outcomes), claims: [] };
        if (round === mostRounds && left.items.length > 0)
          throw new Error('Whoever is in the way comes and goes.');
      }
    } catch (error) {
      for (const { id } of left.items) known.forget(id);
      if (claimed === undefined) throw error;
      for (const item of left.items) outcomes.set(item, { error });
    }
    for (const [{ id }, outcome] of claimed) {
      if ('result' in outcome && outcome.result) known.claimed(id, outcome.result);
    }
    return batch.map((each) => (isItem(each) ? outcomes.get(each)! : claimed.get(each)!));
  };

  /** Reads what came of a plan. @returns what has to be done again, by the general statement */
  const read = async (plan: Plan, answers: readonly Answer[], outcomes: Outcomes): Promise<Item[]> => {
    const again: Item[] = [];
    // The first one only waited for locks.
    let next = 1;
    const rowsFor = (items: readonly unknown[]): Row[] => (items.length > 0 ? answers[next++]!.rows : []);

    const settle = (item: Item, ready: boolean): void => {
      const { append, created, changed } = item;
      outcomes.set(item, { result: ready ? [{ execution_id: append.summary.id }] : [] });
      if (created) remember(filed, created.document_hash);
      const goesOn = changed
        ? changed.completed_at === null && !(changed.owns && changed.owner === null)
        : true;
      const keyless = created ? created.concurrency_key === null : known.statusOf(item.id) !== undefined;
      if (goesOn && keyless && (created ?? changed)!.completed_at === null) known.note(item);
      else known.forget(item.id);
    };
    const accept = (items: readonly Item[]): void => {
      const accepted = new Set(rowsFor(items).map(([id]) => id));
      for (const item of items) {
        if (accepted.has(item.id)) settle(item, item.created?.at_once === true);
        else {
          again.push(item);
          known.forget(item.id);
        }
      }
    };
    accept(plan.creates);
    accept(plan.begins);
    accept(plan.adds);
    accept(plan.ends);

    const others = new Map(plan.others.map((item) => [item.id, item]));
    const sent: [item: Item, woken: Woken][] = [];
    for (const row of rowsFor(plan.others)) {
      const [kind, id, target, owner] = row;
      const item = others.get(id!)!;
      if (kind === 'sent') sent.push([item, wokenOf(target!, owner!)]);
      else if (kind === 'done') settle(item, row[3] === 'true');
      else {
        known.forget(item.id);
        const error = await refuse(item, row);
        if (error) outcomes.set(item, { error });
        else again.push(item);
      }
    }
    for (const [cause, id] of plan.promotes ? answers[next]!.rows : []) {
      sent.unshift([others.get(cause!)!, wokenOf(id!, null)]);
    }
    for (const [item, woken] of sent) {
      const outcome = outcomes.get(item);
      if (!outcome || 'error' in outcome) continue;
      const rest = outcome.result.filter(({ execution_id }) => execution_id !== woken.execution_id);
      outcomes.set(item, { result: [...rest, woken] });
    }
    return again;
  };

  /** @returns undefined when it has to be tried again */
  const refuse = async (
    { id, append, created }: Item,
    [kind, , epoch, seq]: Row,
  ): Promise<VwmpError | undefined> => {
    if (kind === 'limit') return limitReached(append);
    if (kind === 'undocumented') {
      filed.delete(created!.document_hash);
      return undefined;
    }
    if (kind !== 'taken') {
      return refusal(append, epoch === null ? undefined : { epoch: Number(epoch), seq: Number(seq) });
    }
    const [answer] = await pool.read([
      {
        text: 'select id from executions where id = $1 union all select id from executions where workflow_id = $2 and idempotency_key = $3',
        values: [id, created!.workflow_id, created!.idempotency_key],
      },
    ]);
    const others = answer!.rows.map(([other]) => other!);
    if (others.includes(id)) return refusal(append, { epoch: 0, seq: 0 });
    return others.length > 0 ? keyTaken(append, fromText(others[0]!)) : undefined;
  };

  /** The statement that it probably takes; whether it does, the plan finds. */
  const kindOf = (each: Item | Claim): string => {
    if (!isItem(each)) return 'claim';
    const { id, created, changed } = each;
    if (created) return 'create';
    if (changed!.completed_at !== null) return 'end';
    return known.statusOf(id) === 'pending' ? 'begin' : 'add';
  };

  const batcher = createBatcher({ keysOf, kindOf, sizeOf, flush, parallel });
  return {
    append: (append) => batcher.add(itemOf(append)) as Promise<readonly Woken[]>,
    claim: (claim) => batcher.add(claim) as Promise<Claimed | undefined>,
  };
}

function isItem(each: Item | Claim): each is Item {
  return 'append' in each;
}

function isClaim(each: Item | Claim): each is Claim {
  return !isItem(each);
}

function wokenOf(id: string, owner: string | null): Woken {
  return { execution_id: fromText(id), ...(owner !== null && { owner: fromText(owner) }) };
}

/** Concurrency keys are told from ids. */
function keysOf(each: Item | Claim): Keys {
  if (!isItem(each)) return { own: [each.id], shared: [] };
  const { id, created, mail } = each;
  const own = [id];
  const shared = mail.map(({ target }) => target);
  if (created && created.concurrency_key !== null) {
    // Whether there is room for one that does not wait depends on the one before.
    (created.skip ? own : shared).push(`\0${created.concurrency_key}`);
  }
  return { own, shared };
}

function sizeOf(each: Item | Claim): number {
  if (!isItem(each)) return 100;
  const { events, mail, document } = each;
  let bytes = document?.body.length ?? 0;
  for (const { body } of events) bytes += body.length;
  for (const { body } of mail) bytes += body.length;
  return bytes;
}

function remember(set: Set<string>, value: string): void {
  if (set.size >= remembered) set.clear();
  set.add(value);
}
