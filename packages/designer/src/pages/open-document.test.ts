import { beforeEach, expect, it, vi } from 'vitest';
import type { StoredWorkflow } from '../backend.ts';
import { openDocument } from './open-document.ts';

const stored = (text: string, rev: string): StoredWorkflow => ({
  ...{ id: 'a', name: 'A', type: 'default', version: '1', text, rev },
  updated_at: '2026-01-01T00:00:00.000Z',
});
const kept = new Map<string, string>();
const draft = (): unknown => JSON.parse(kept.get('vwmp.draft.a') ?? 'null');

beforeEach(() => {
  kept.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
});

it('begins with what was not saved, and with what it was based on', () => {
  const opened = openDocument(stored('name: A', '1'));
  expect(opened).toMatchObject({ rev: '1', isFromBefore: false });
  opened.store.type('name: B');
  opened.keep();
  expect(draft()).toEqual({ text: 'name: B', rev: '1' });
  // Someone else has saved meanwhile.
  const again = openDocument(stored('name: C', '2'));
  expect(again).toMatchObject({ rev: '1', isFromBefore: true });
  expect(again.store.getState()).toMatchObject({ text: 'name: B', savedText: 'name: C', isChanged: true });
});

it('keeps what was typed while it was saved, on top of what is saved now', () => {
  const opened = openDocument(stored('name: A', '1'));
  opened.store.type('name: BC');
  opened.saved(stored('name: B', '2'), 'name: B');
  expect(draft()).toEqual({ text: 'name: BC', rev: '2' });
  opened.saved(stored('name: BC', '3'), 'name: BC');
  expect(draft()).toBeNull();
});

it('takes what is stored in place of what was done, which can be undone', () => {
  const opened = openDocument(stored('name: A', '1'));
  opened.store.type('name: B');
  opened.keep();
  opened.take(stored('name: C', '2'));
  expect(opened.store.getState()).toMatchObject({ text: 'name: C', isChanged: false });
  expect(draft()).toBeNull();
  opened.store.undo();
  opened.keep();
  expect(draft()).toEqual({ text: 'name: B', rev: '2' });
});
