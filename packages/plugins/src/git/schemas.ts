import { type OptionalSchema, type Schema, Type } from '@vwmp/core/schema';

export const repositorySchema: OptionalSchema<string> = Type.Optional(
  Type.String({ minLength: 1, description: 'A folder of the repository, in the workspace.', default: '.' }),
);

/** Paths from the folder `repository`. */
export function pathsSchema(description: string): Schema<readonly string[]> {
  return Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), {
    minItems: 1,
    maxItems: 1000,
    description,
    examples: [['package.json', 'docs']],
  });
}

export interface Person {
  readonly name: string;
  readonly email: string;
}

export const authorSchema: OptionalSchema<Person> = Type.Optional(
  Type.Object(
    {
      name: Type.String({ pattern: '^[^<>\\n\\r\\0]*[^<>\\s\\0.,:;"\'][^<>\\n\\r\\0]*$', maxLength: 200 }),
      email: Type.String({ pattern: '^[^<>\\s\\0]+$', maxLength: 200 }),
    },
    { description: 'Who does it. Default: user.name and user.email of the repository.' },
  ),
);

/** As many files as an output lists. */
export const maxFiles = 10_000;

export const filesSchema: Schema<readonly { path: string; status: string }[]> = Type.Array(
  Type.Object({
    path: Type.String(),
    status: Type.Enum(['added', 'modified', 'deleted', 'renamed', 'copied', 'type_changed', 'unmerged']),
  }),
  { description: `The first ${maxFiles} of them.` },
) as never;
