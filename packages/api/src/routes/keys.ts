import { parseDuration } from '@vwmp/core';
import type { KeyRecord } from '@vwmp/core/ports';
import { requestInvalid } from '../app/error-answer.ts';
import type { Routes } from '../app/route.ts';
import type { KeyAnswer } from '../contract/index.ts';
import { pageQuery } from '../schemas/common.ts';
import { caller, key, keyId, keyInput, keyList, newKey } from '../schemas/keys.ts';
import { createApiKey } from '../security/api-key.ts';
import { given, notFound, pageOf } from './common.ts';

const tag = 'Keys';
/** Dates reach so far. */
const lastMoment = 8.64e15;

/** Who calls; and API keys, for admins. What a key was made of leaves the server once, when it is made. */
export const keyRoutes: Pick<Routes, 'readCaller' | 'listKeys' | 'createKey' | 'revokeKey'> = {
  readCaller: {
    tag,
    summary: 'Read who calls, and what they may do',
    description: 'For programs that show what the key they were given is good for, and until when.',
    role: 'viewer',
    answers: { 200: { description: 'The role, and the key that has it.', schema: caller } },
    async handle({ principal: { role, ...shown } }) {
      if (shown.id === 'local') return { status: 200, body: { authentication: 'none', role } };
      return { status: 200, body: { authentication: 'key', role, key: shown } };
    },
  },
  listKeys: {
    tag,
    summary: 'List the API keys',
    description: 'Without their secrets, which are nowhere.',
    role: 'admin',
    query: pageQuery,
    answers: { 200: { description: 'By id.', schema: keyList } },
    async handle({ platform }, input) {
      const page = await platform.storage.keys.list(given(input));
      return { status: 200, body: pageOf(page, show) };
    },
  },
  createKey: {
    tag,
    summary: 'Create an API key',
    role: 'admin',
    body: keyInput,
    answers: { 201: { description: 'The key, this one time.', schema: newKey } },
    async handle({ platform, audit }, { body: { name, role, expires } }) {
      const now = Date.now();
      const { text, record } = createApiKey({
        ...{ name, role, created_at: new Date(now).toISOString() },
        ...(expires !== undefined && { expires_at: expiry(expires, now) }),
      });
      await platform.storage.keys.add(record);
      await audit('key.created', record.id, { name, role });
      return { status: 201, body: { ...show(record), key: text } };
    },
  },
  revokeKey: {
    tag,
    summary: 'Revoke an API key',
    description: 'Every process refuses it within five seconds. It stays in the list.',
    role: 'admin',
    path: { key_id: keyId },
    answers: { 200: { description: 'The key.', schema: key } },
    async handle({ platform, audit }, { key_id }) {
      const revoked = await platform.storage.keys.revoke(key_id, new Date().toISOString());
      if (!revoked) throw notFound('NOT_FOUND', `There is no API key "${key_id}".`);
      await audit('key.revoked', key_id, { name: revoked.name, role: revoked.role });
      return { status: 200, body: show(revoked) };
    },
  },
};

function show({ hash: _, ...shown }: KeyRecord): KeyAnswer {
  return shown;
}

/** @throws REQUEST_INVALID */
function expiry(text: string, now: number): string {
  const duration = parseDuration(text);
  if (duration !== undefined && duration > 0 && now + duration <= lastMoment)
    return new Date(now + duration).toISOString();
  throw requestInvalid('"expires" is no duration such as 12h or 90d.', [
    { path: 'body.expires', message: 'It must be a duration such as 12h or 90d.' },
  ]);
}
