import { type OptionalSchema, type Schema, Type } from '@vwmp/core/schema';
import type { Change } from './changes.ts';

export const folderSchema: OptionalSchema<string> = Type.Optional(
  Type.String({ minLength: 1, description: 'Folder of the package, in the workspace.', default: '.' }),
);

export const tagPrefixSchema: OptionalSchema<string> = Type.Optional(
  Type.String({
    pattern: '^[A-Za-z0-9@._/-]*$',
    maxLength: 100,
    description: 'What stands before the version in a tag.',
    default: 'v',
  }),
);

/** What `release.undo` needs, in the output of each handler that edits. */
export const editedProperties: {
  readonly kind: Schema<'release'>;
  readonly folder: Schema<string>;
  readonly files: Schema<readonly string[]>;
  readonly changes: Schema<readonly Change[]>;
  readonly journal: Schema<string>;
} = {
  kind: Type.Literal('release'),
  folder: Type.String(),
  files: Type.Array(Type.String(), { description: 'What was edited, from the folder; for git.stage.' }),
  changes: Type.Array(Type.Unsafe<Change>({ type: 'object' }), { description: 'For release.undo.' }),
  journal: Type.String({ description: 'For release.undo.' }),
};
