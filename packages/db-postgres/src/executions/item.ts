import type { Append } from '@vwmp/core';
import {
  checkForm,
  type EventRow,
  eventRow,
  originColumns,
  type StoredDocument,
  standingAfter,
  storeDocument,
  summaryColumns,
  toText,
} from 'db-common';

/** An append in the form in which it is stored: made when it arrives, so that it can be changed afterwards. */
export interface Item {
  append: Pick<Append, 'summary' | 'expected_seq' | 'epoch' | 'origin'>;
  /** As it is stored, like everything else here. */
  id: string;
  created?: CreatedRow;
  document?: StoredDocument;
  changed?: ChangedRow;
  events: readonly EventRow[];
  handled: readonly HandledRow[];
  mail: readonly MailRow[];
}

export type CreatedRow = ReturnType<typeof summaryColumns> &
  ReturnType<typeof originColumns> & {
    document_hash: string;
    epoch: number;
    owner: string | null;
    wake_at: number | null;
    at_once: boolean;
    skip: boolean;
  };

export type ChangedRow = ReturnType<typeof summaryColumns> & {
  id: string;
  expected: number;
  epoch: number;
  /** Whether it says who owns it, and when it is to wake. */
  owns: boolean;
  owner: string | null;
  wakes: boolean;
  wake_at: number | null;
};

export interface HandledRow {
  execution_id: string;
  id: string;
}

export interface MailRow {
  source: string;
  target: string;
  id: string;
  body: string;
}

/** @throws TypeError when an append contradicts itself */
export function itemOf(append: Append): Item {
  checkForm(append);
  const { epoch, handled = [], messages = [] } = append;
  const summary = { ...append.summary };
  const origin = append.origin && structuredClone(append.origin);
  if (messages.some(({ execution_id }) => execution_id === summary.id)) {
    throw new TypeError(`The execution "${summary.id}" sends a message to itself.`);
  }
  const id = toText(summary.id);
  // How one that is created stands. Of others only whether the times can be read.
  const { owner, wake_at, ready_since } = standingAfter(append, undefined, false, 0);
  const item: Item = {
    ...{ id, append: { summary, expected_seq: append.expected_seq, epoch, origin } },
    events: append.events.map((event) => eventRow(event, id)),
    handled: handled.map((messageId) => ({ execution_id: id, id: toText(messageId) })),
    mail: messages.map((message) => ({
      source: id,
      target: toText(message.execution_id),
      id: toText(message.id),
      body: JSON.stringify(message.body),
    })),
  };
  if (append.expected_seq > 0) {
    item.changed = {
      ...summaryColumns(summary),
      ...{ id, epoch, expected: append.expected_seq },
      ...{ owns: append.owner !== undefined, owner: append.owner == null ? null : toText(append.owner) },
      ...{ wakes: append.wake_at !== undefined, wake_at },
    };
    return item;
  }
  item.document = storeDocument(append.document!);
  item.created = {
    ...summaryColumns(summary),
    ...originColumns(summary.id, origin),
    ...{ epoch, document_hash: item.document.hash },
    ...{ owner: owner === null ? null : toText(owner), wake_at, at_once: ready_since !== null },
    skip: origin?.concurrency?.policy === 'skip',
  };
  return item;
}
