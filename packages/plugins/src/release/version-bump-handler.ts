import { defineHandler, type Handler } from '@vwmp/core';
import { Type } from '@vwmp/core/schema';
import { editedProperties, folderSchema, tagPrefixSchema } from './schemas.ts';

/** `release.version_bump`: sets the next version. */
export const versionBump: Handler = defineHandler({
  title: 'Bump version',
  description:
    'Sets the next version in package.json, its lockfile, and the packages of its workspace that have the same version.',
  category: 'release',
  icon: 'arrow-up-1-0',
  config: Type.Object({
    folder: folderSchema,
    bump: Type.Optional(
      Type.Enum(['patch', 'minor', 'major', 'pre', 'auto'], {
        description: 'Part to raise; auto looks at the conventional commits since the last tag.',
        default: 'patch',
      }),
    ),
    version: Type.Optional(Type.String({ description: 'The version itself, instead of a part to raise.' })),
    pre: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z][A-Za-z0-9-]*$',
        maxLength: 50,
        description: 'Name of the series that bump: pre begins.',
        default: 'rc',
      }),
    ),
    packages: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Folders of further packages, as patterns. Default: the workspaces of package.json.',
        examples: [['packages/*']],
      }),
    ),
    tag_prefix: tagPrefixSchema,
  }),
  output: Type.Object({
    from: Type.String({ description: 'The version before.' }),
    to: Type.String({ description: 'The version now.' }),
    tag: Type.String({ description: 'The version as the name of a tag.' }),
    ...editedProperties,
  }),
  load: () => import('./version-bump.ts'),
});
