import type { KeyRole } from '@vwmp/core';
import { type Schema, Type } from '@vwmp/core/schema';
import type { CallerAnswer, KeyAnswer, List, NewKeyAnswer } from '../contract/index.ts';
import { keyNamePattern } from '../security/key-name.ts';
import { listOf, named, timestamp } from './common.ts';

const role: Schema<KeyRole> = Type.Enum(['viewer', 'executor', 'editor', 'admin'], {
  description: 'Each may do what those before it may.',
});

export const keyId: Schema<string> = Type.String({
  pattern: '^[a-z0-9]{1,64}$',
  description: 'Id of the key: what stands between `vwmp_` and the next `_`.',
});

const properties = {
  id: Type.String(),
  name: Type.String(),
  role,
  created_at: timestamp,
  expires_at: Type.Optional(timestamp),
  revoked_at: Type.Optional(timestamp),
  last_used_at: Type.Optional(timestamp),
};

export const key: Schema<KeyAnswer> = named('Key', Type.Object(properties)) as Schema<KeyAnswer>;
export const keyList: Schema<List<KeyAnswer>> = listOf('KeyList', key);

export const newKey: Schema<NewKeyAnswer> = named(
  'NewKey',
  Type.Object({
    ...properties,
    key: Type.String({ description: 'What its owner sends. Shown this one time; only a hash is kept.' }),
  }),
) as Schema<NewKeyAnswer>;

export const caller: Schema<CallerAnswer> = named(
  'Caller',
  Type.Object({
    authentication: Type.Enum(['key', 'none'], {
      description: '`none` where no key was needed, and none was shown: whoever calls may do everything.',
    }),
    role,
    key: Type.Optional(
      Type.Object(
        {
          id: Type.String({
            description:
              'What stands between `vwmp_` and the next `_`; `env:NAME` for a key of `VWMP_API_KEYS`.',
          }),
          name: Type.String(),
          expires_at: Type.Optional(timestamp),
        },
        { description: 'The key that was shown.' },
      ),
    ),
  }),
) as Schema<CallerAnswer>;

export const keyInput: Schema<{ name: string; role: KeyRole; expires?: string }> = Type.Object({
  name: Type.String({
    pattern: keyNamePattern,
    description: 'Whose it is, for people; stands in the audit log. Without characters that cannot be seen.',
    examples: ['ci'],
  }),
  role,
  expires: Type.Optional(
    Type.String({ description: 'For how long it is good; without it for ever.', examples: ['90d'] }),
  ),
});
