import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { editedProperties, folderSchema, tagPrefixSchema } from './schemas.ts';

const path = Type.Optional(
  Type.String({ minLength: 1, description: 'The changelog, from the folder.', default: 'CHANGELOG.md' }),
);

/** `release.changelog_create`: begins a changelog. */
export const changelogCreate: Handler = defineHandler({
  title: 'Create changelog',
  description: 'Begins a changelog after Keep a Changelog. One that is there stays as it is.',
  category: 'release',
  icon: 'scroll-text',
  config: Type.Object({ folder: folderSchema, path }),
  output: Type.Object({
    path: Type.String(),
    created: Type.Boolean({ description: 'False when there was one already.' }),
    ...editedProperties,
  }),
  load: () => import('./changelog-create.ts'),
});

/** `release.changelog_update`: tells of a release. */
export const changelogUpdate: Handler = defineHandler({
  title: 'Update changelog',
  description:
    'Makes a section for a version, of what stands under "Unreleased" and of the conventional commits since the last tag.',
  category: 'release',
  icon: 'scroll-text',
  config: Type.Object({
    folder: folderSchema,
    path,
    version: Type.String({ minLength: 1, description: 'Version to tell of.' }),
    date: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
        description: 'Day of the release. Default: when the execution began.',
      }),
    ),
    from: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Commit after which it begins. Default: the last tag of a version.',
      }),
    ),
    commits: Type.Optional(Type.Boolean({ description: 'Reads the commits.', default: true })),
    tag_prefix: tagPrefixSchema,
  }),
  output: Type.Object({
    path: Type.String(),
    entries: Type.Integer({ description: 'How many commits it tells of.' }),
    section: Type.String({ description: 'The text of the section, for a release page or an announcement.' }),
    ...editedProperties,
  }),
  load: () => import('./changelog-update.ts'),
});
